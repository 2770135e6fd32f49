"""Where a review request needs a basis of consent, and by which law.

A request for a review is advertising (for Germany: BGH, 10 July 2018, VI ZR 225/17). In the countries below it may
go to who agreed, or to a customer who was told at the sale that they may object; the proof lies with the order.
Elsewhere the sale itself is enough. Who refused is asked nowhere.
"""

from reviews_app.lib.country_code import ALSO_CALLED
from reviews_app.models.order import ConsentBasis

EPRIVACY = "Directive 2002/58/EC, article 13"

# Own laws where they are well known; the rest of the Union and of the EEA by the directive they all follow.
LAWS = {
    "AT": "TKG 2021, § 174",
    "BE": f"Code de droit économique, article XII.13 ({EPRIVACY})",
    "BG": EPRIVACY,
    "CH": "UWG, article 3(1)(o)",
    "CY": EPRIVACY,
    "CZ": "Act 480/2004, § 7",
    "DE": "UWG, § 7",
    "DK": "Markedsføringsloven, § 10",
    "EE": EPRIVACY,
    "ES": "LSSI, article 21",
    "FI": EPRIVACY,
    "FR": "CPCE, article L34-5",
    "GB": "PECR 2003, regulation 22",
    "GG": "European Communities (Implementation of Privacy Directive) (Guernsey) Ordinance 2004",
    "GI": "Communications (Personal Data and Privacy) Regulations 2006",
    "GR": EPRIVACY,
    "HR": EPRIVACY,
    "HU": EPRIVACY,
    "IE": "S.I. 336/2011, regulation 13",
    "IM": "Unsolicited Communications Regulations 2005",
    "IS": EPRIVACY,
    "IT": "Codice in materia di protezione dei dati personali, article 130",
    "LI": EPRIVACY,
    "LT": EPRIVACY,
    "LU": EPRIVACY,
    "LV": EPRIVACY,
    "MT": EPRIVACY,
    "NL": "Telecommunicatiewet, article 11.7",
    "NO": "Markedsføringsloven, § 15",
    "PL": EPRIVACY,
    "PT": EPRIVACY,
    "RO": EPRIVACY,
    "SE": "Marknadsföringslagen, § 19",
    "SI": EPRIVACY,
    "SK": EPRIVACY,
}
# Places with a code of their own and another country's law: Åland; the French overseas departments, and the
# collectivities where French law holds by itself; Svalbard; the Canaries, Ceuta and Melilla. Jersey has no such law of
# its own: who sells there is held to that of the United Kingdom.
UNDER_LAW_OF = {
    "AX": "FI",
    "BL": "FR",
    "EA": "ES",
    "GF": "FR",
    "GP": "FR",
    "IC": "ES",
    "JE": "GB",
    "MF": "FR",
    "MQ": "FR",
    "PM": "FR",
    "RE": "FR",
    "SJ": "NO",
    "YT": "FR",
} | ALSO_CALLED
BASES = frozenset({ConsentBasis.OPT_IN, ConsentBasis.EXISTING_CUSTOMER})


def law_of(country_code: str | None) -> str:
    """The law that asks for a basis; empty where there is none."""
    code = country_code or ""
    return LAWS.get(UNDER_LAW_OF.get(code, code), "")


def may_ask(basis: ConsentBasis | None, country_code: str | None) -> bool:
    """Whether an order with this basis, or none, may be asked for in this country."""
    return basis in BASES or (basis is None and not law_of(country_code))
