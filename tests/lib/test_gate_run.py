from dataclasses import replace

from gongkai.lib.gate import Finding, GateDocument, Part, Severity, Tables, run_checks


def a_finding(**known):
    return replace(Finding(rule="x", severity=Severity.WARN, message="不对。", advice="改。"), **known)


def test_findings_come_in_reading_order():
    late, early = a_finding(start=9, end=10), a_finding(start=1, end=2)
    title, element = a_finding(part=Part.TITLE, start=5, end=6), a_finding(part=Part.ELEMENT)
    checks = {"a": lambda *_: (late, element), "b": lambda *_: (early, title)}
    assert run_checks(GateDocument(text="x"), Tables(), checks) == (title, early, late, element)


def test_a_check_that_breaks_blocks_and_the_others_still_run():
    def broken(document, tables):
        raise KeyError

    other = a_finding()
    found = run_checks(GateDocument(text="x"), Tables(), {"bad": broken, "good": lambda *_: (other,)})
    assert other in found
    (fault,) = [finding for finding in found if finding is not other]
    assert (fault.rule, fault.severity) == ("bad", Severity.BLOCK)
    assert "没有做完（KeyError）" in fault.message


def test_a_fingerprint_is_of_the_words_not_of_the_place():
    assert a_finding(start=1, end=2).key == a_finding(start=7, end=8).key
    assert a_finding(quote="甲").key != a_finding(quote="乙").key
    assert a_finding(rule="y").key != a_finding().key


def test_rules_have_words_and_strangers_keep_their_code():
    assert a_finding(rule="doc_number").rule_word == "发文字号"
    assert a_finding(rule="own_check").rule_word == "own_check"
