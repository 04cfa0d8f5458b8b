"""Names of persons: which short words can be one, told by the surname.

The list holds the surnames of some 95 % of Han Chinese, the compound ones, and the traditional
forms; it is used to tell a name from another word of two to four characters, never to invent one.
"""

from __future__ import annotations

import re

__all__ = ["is_name", "is_western"]

_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
    "庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚"
    "丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习麻代贡尚农皮闻厉原劳仝占车缪干练"
    "張劉陳楊趙黃吳孫馬羅鄭謝韓馮鄧許蕭傅瀋呂蘇盧蔣賈葉閻餘潘鍾譚陸孔顧邵孟龍萬錢湯尹賀賴龔龐樊蘭顏倪嚴蘆莊溫魯韋畢聶邢齊塗時詹關淩費紀歐項陽衛鮑單寧閔車邊饒晉鄔暢宮黨談連計竇遲樂應銀養農聞勞"
    "骆展蔺佘邝茹荀阚濮胥萨阙逯昝笪亓戎逄郗麴鄞缑茅澹乜訾佴晁郦雍璩桓尧苌隗骞隽芮羿駱簡藺鄺闞薩闕蔔鐘欒鄒隴嶽寗譙藍"
)
_DOUBLE = (
    "欧阳 司马 上官 诸葛 司徒 东方 独孤 南宫 皇甫 慕容 尉迟 长孙 宇文 令狐 公孙 端木 夏侯 歐陽 "
    "司馬 諸葛 澹台 百里 呼延 东郭 南门 西门 轩辕 闻人 公冶 申屠 淳于 钟离 鲜于 闾丘 赫连 濮阳 "
    "万俟 拓跋 纳兰 完颜 耶律 段干 公羊 太叔 仲孙 司空 司寇 第五 東方 獨孤 南宮 尉遲 長孫 鍾離 "
    "軒轅 澹臺 聞人 東郭 鮮于 濮陽 納蘭 赫連 西門 公孫 "
)
_COMPOUND = tuple(_DOUBLE.split())
_HAN = re.compile("[\u4e00-\u9fff]{2,4}")
_FOREIGN = re.compile("[\u4e00-\u9fff]{1,6}(?:[·•・][\u4e00-\u9fff]{1,8}){1,3}")
_WESTERN = re.compile(
    r"(?:[A-Z][A-Za-zÀ-ÿ'’.-]*)(?:\s+(?:[A-Z][A-Za-zÀ-ÿ'’.-]*|de|van|von|der|al|bin|and|&)){1,5}"
)


def is_name(word: str) -> bool:
    """Tell whether a word can be a person's name: surname and one or two more characters, or foreign."""
    if _FOREIGN.fullmatch(word):
        return True
    if not _HAN.fullmatch(word):
        return False
    if word.startswith(_COMPOUND):
        return len(word) >= 3
    return len(word) <= 3 and word[0] in _SURNAMES


def is_western(words: str) -> bool:
    """Tell whether a run of words can be a name in Latin letters (`John A. Smith`)."""
    return _WESTERN.fullmatch(words) is not None
