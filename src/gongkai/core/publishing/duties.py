from gongkai.core.ledger import api as ledger
from gongkai.core.publishing.kinds import StepKind

# One working day each, 24 hours for the second look after an urgent release. Internal terms:
# data/review_terms.csv holds it, the ledger reminds and never calls it overdue.
STEP_DUTIES = {
    StepKind.UNIT: ledger.register_duty(
        code="publish.unit_review", label="科室审核", page="publishing:review", entry="publish.unit_review", is_held=False, work="文稿"
    ),
    StepKind.SECRECY: ledger.register_duty(
        code="publish.secrecy_review",
        label="保密审查",
        page="publishing:review",
        entry="publish.secrecy_review",
        is_held=False,
        work="文稿",
    ),
    StepKind.SIGN_OFF: ledger.register_duty(
        code="publish.sign_off", label="签发", page="publishing:review", entry="publish.sign_off", is_held=False, work="文稿"
    ),
    StepKind.SECOND_LOOK: ledger.register_duty(
        code="publish.second_look", label="补审", page="publishing:review", entry="publish.second_look", is_held=False, work="文稿"
    ),
}

# The next working day, an internal term of the same list: whoever took something down at once writes why, and adds the papers.
TAKE_DOWN_DUTY = ledger.register_duty(
    code="publish.take_down", label="紧急下线补手续", page="publishing:withdrawal", entry="publish.take_down", work="手续"
)

# A page of another site that a person has to look at: the day was not read, the title is another, it is not there.
POSTING_DUTY = ledger.register_duty(
    code="publish.posting", label="核对其他网站", page="publishing:posting", entry="publish.posting", work="网页"
)
