"""What the tables of an organisation look like, in a folder and in a workbook."""

from gongkai.lib.sheets import SheetForm

UNITS = SheetForm("单位", "units.csv", ("代码", "名称", "简称", "类型", "上级代码", "电话", "通称", "在用"))
POSTS = SheetForm("岗位", "posts.csv", ("代码", "单位代码", "名称", "承担公开事项", "在用"))
OFFICERS = SheetForm("人员", "officers.csv", ("姓名", "在职"))
HOLDINGS = SheetForm("任职", "holdings.csv", ("岗位代码", "姓名", "起", "止"))
FORMS = (UNITS, POSTS, OFFICERS, HOLDINGS)
