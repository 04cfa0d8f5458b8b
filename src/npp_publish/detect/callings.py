"""Callings: words that say what somebody does for the paper, or is: 记者, 策划, 社会学院教授, 江城读者.

Rationale: a byline is told by such words; they are a closed set, and what may stand before them
(首席, 驻埃及) says how, not who. Case files: tests/cases/byline.md, tests/cases/credits.txt.
"""

from __future__ import annotations

import re

__all__ = ["EXTRA", "GENERAL", "TALKERS", "TASKS", "is_post", "is_reader", "is_shot", "qualifier"]

_EXTRA_WORDS = (
    "报道 报导 報導 報道 综合 綜合 整理 发自 發自 摄影报道 综合报道 图文 供图 等 联合 聯合 和 与 及 本版 报道组 采访 採訪 "  # noqa: E501
    "来源 來源 文 图 摄 攝 摄制 提供 受访者提供 受访者供图 受訪者提供 受訪者供圖 资料图片 資料圖片 网络 網絡 編輯部"  # noqa: E501
)
EXTRA = frozenset(_EXTRA_WORDS.split())
# who did what, where a word of its own says so; part of another word it says nothing
_TASK_WORDS = (
    "主持人 嘉宾 嘉賓 特邀嘉宾 口述 讲述 讲述人 講述 记录 記錄 采写 採寫 采写整理 文字 文字整理 视频 视频拍摄 制图 绘图 漫画 插图 插画 "  # noqa: E501
    "图片 圖片 策划 策劃 统筹 统稿 监制 执行 執行 校对 译者 译 譯 翻译 翻譯 编译 編譯 编译整理 著 圖 撮影 写真 取材 構成 聞き手 主笔 主筆 "  # noqa: E501
    "撰稿人 特约撰稿 特约撰稿人 特约作者 专栏作者 采访人 访谈 訪談 对话 专访 采编 采访整理 采访撰文 採訪撰文 採訪整理 採訪攝影 采访 採訪 撰文 "  # noqa: E501
    "指导教师 指导老师 辅导老师 辅导教师 推荐老师 参与采写 参与采访 参与记者 绘 繪 供稿 供图 摄制 剪辑 出镜 海报 设计 論説委員 編集委員 社説 "  # noqa: E501
    "学生记者 小记者 校园记者 特邀记者 资深记者 高级记者 主任记者 视频记者 文字记者 特派员 特派員 外籍记者"
)
TASKS = frozenset(_TASK_WORDS.split())
TALKERS = frozenset(
    ("主持人", "嘉宾", "嘉賓", "特邀嘉宾", "讲述人", "采访人")
)  # they also stand before what they say
GENERAL = frozenset(
    "综合 綜合 联合 聯合 摄影 攝影 采访 採訪 现场 現場 图文 文图 整理 专题 專題 连线 連線 外電 外电 特别 独家 獨家 本报 本報".split()  # noqa: E501, SIM905
)
_HAN = "\u4e00-\u9fff"
# the post of somebody who writes for the paper (市一院心内科主任医师 陆之远)
_POST = re.compile(
    rf"[{_HAN}·]{{2,16}}(?:局长|主任|书记|校长|院长|所长|会长|馆长|教授|研究员|医师|律师|处长|科长|站长|部长|厅长|秘书长|理事长|专家|讲师|博士"
    r"|主席|作家|诗人|画家|评论家|教师|老师|院士|主编|社长|台长|总编辑|董事长|总经理|分析师|工程师|大使|参赞|學者|學院教授|評論家|詩人)"
)
_READER = re.compile(rf"(?:[{_HAN}]{{2,8}})?(?:读者|讀者|网友|網友)")
_SHOT = re.compile(r"[^文图圖]*[\s\u3000/／](?:摄|攝)|[^文图圖]*(?:摄|攝)")
_QUALIFIER = re.compile(
    rf"(?:[驻駐赴][{_HAN}]{{1,6}})?(?:首席|见习|見習|实习|實習|特约|特約|特派|特邀|全媒体|融媒体|全媒體|摄影|攝影|文字|(?<![A-Za-z])视频|资深|資深|高级|主任|校园|参与|专职)*$"
)


def is_post(word: str) -> bool:
    """Tell whether a word is the post of somebody (岚东大学社会学院教授)."""
    return _POST.fullmatch(word) is not None


def is_reader(word: str) -> bool:
    """Tell whether a word says that a reader writes (汐州读者)."""
    return _READER.fullmatch(word) is not None


def is_shot(text: str) -> bool:
    """Tell whether a line is the credit of a photograph: it ends with 摄 and says nothing of words."""
    return _SHOT.fullmatch(text) is not None


def qualifier(head: str) -> int:
    """Return where the words begin that say how somebody reports, before the word `记者`: 本报|驻埃及."""
    found = _QUALIFIER.search(head)
    return found.start() if found else len(head)
