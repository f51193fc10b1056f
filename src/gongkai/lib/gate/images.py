import re

from gongkai.lib.gate.findings import Finding, GateDocument, Severity, Tables

RULE = "image"

# What a camera or a scanner calls a file, or a word that says only that there is a picture.
SAYS_NOTHING = re.compile(
    r"(?:图片?|照片|插图|示意图|image|img|pic|photo|dsc|微信图片|截图)?[\s_\-()（）0-9]*(?:\.(?:png|jpe?g))?", re.IGNORECASE
)


def check_images(document: GateDocument, _tables: Tables) -> tuple[Finding, ...]:
    """Pictures in the text without words for whoever cannot see them (替代文字), or with words that say nothing."""
    return tuple(
        _nameless(number, words) for number, words in enumerate(document.picture_words, start=1) if SAYS_NOTHING.fullmatch(words.strip())
    )


def _nameless(number: int, words: str) -> Finding:
    if not words.strip():
        return Finding(
            rule=RULE,
            severity=Severity.BLOCK,
            message=f"正文第 {number} 张图片没有替代文字。",
            advice="选中它，按“改图片说明”，写明图上有什么；看不见图的人靠它。",
        )
    return Finding(
        rule=RULE,
        severity=Severity.WARN,
        message=f"正文第 {number} 张图片的替代文字是“{words.strip()}”，没有说图上有什么。",
        advice="选中它，按“改图片说明”，写一两句话。",
    )
