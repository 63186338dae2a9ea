"""The ids of units that Grafana has built in (``@grafana/data``, ``valueFormats/categories``)."""

from __future__ import annotations

import re
from typing import Final

_NAMES: Final = """
none string short sishort percent percentunit humidity dB hex0x hex sci locale pixel candela
accMS2 accFS2 accG degree radian grad arcmin arcsec areaM2 areaF2 areaMI2 acres hectares
flops mflops gflops tflops pflops eflops zflops yflops
ppm conppb conngm3 conngNm3 conμgm3 conμgNm3 conmgm3 conmgNm3 congm3 congNm3 conmgdL conmmolL
bits bytes kbytes mbytes gbytes tbytes pbytes kbits mbits gbits tbits pbits
decbits decbytes deckbytes decmbytes decgbytes dectbytes decpbytes deckbits decmbits decgbits dectbits decpbits
pps bps Bps binbps binBps KBs Kbits MBs Mbits GBs Gbits TBs Tbits PBs Pbits
KiBs Kibits MiBs Mibits GiBs Gibits TiBs Tibits PiBs Pibits
dateTimeAsIso dateTimeAsIsoNoDateIfToday dateTimeAsIsoSmart dateTimeAsUS dateTimeAsUSNoDateIfToday dateTimeAsLocal
dateTimeAsLocalNoDateIfToday dateTimeAsSystem dateTimeFromNow
watt kwatt megwatt gwatt mwatt Wm2 voltamp kvoltamp voltampreact kvoltampreact watth watthperkg kwatth kwattm amph
kamph mamph joule ev amp kamp mamp volt kvolt mvolt dBm ohm kohm Mohm mohm farad µfarad nfarad pfarad ffarad henry
mhenry µhenry lumens
flowgpm flowcms flowcfs flowcfm litreh flowlpm flowmlpm lux forceNm forcekNm forceN forcekN
Hs KHs MHs GHs THs PHs EHs massmg massg masslb masskg masst
lengthmm lengthin lengthft lengthm lengthkm lengthmi
pressurembar pressurebar pressurekbar pressurepa pressurehpa pressurekpa pressurehg pressurepsi
radbq radci radgy radrad radsv radmsv radusv radrem radexpckg radr radsvh radmsvh radusvh
rotrpm rothz rotrads rotdegs celsius fahrenheit kelvin
hertz ns µs ms s m h d dtdurationms dtdurations dthms dtdhms timeticks clockms clocks
cps ops reqps rps wps iops eps mps recps rowsps cpm opm reqpm rpm wpm epm mpm recpm rowspm
velocityms velocitykmh velocitymph velocityknot mlitre litre m3 Nm3 dm3 gallons bool bool_yes_no bool_on_off
"""
_IDS: Final = frozenset(_NAMES.split())
_FAMILIES: Final = re.compile(r"currency[^:]+|(suffix|prefix|time|si|count|currency|bool):.+")
"""Currencies, which every version has more of, and the forms that say how a text of one's own is written."""


def is_grafana_unit(unit: str) -> bool:
    """True for an id that Grafana has built in, and for its free forms such as ``suffix:jobs``."""
    return unit in _IDS or _FAMILIES.fullmatch(unit) is not None
