"""Words of the page in English, Swedish and Norwegian; sentences about figures stay in English."""

from __future__ import annotations

LANGUAGES = {"en": "English", "sv": "Svenska", "nb": "Norsk"}

TEXTS: dict[str, dict[str, str]] = {
    "title": {
        "en": "Commuting between Sweden and Norway",
        "sv": "Pendling mellan Sverige och Norge",
        "nb": "Pendling mellom Sverige og Norge",
    },
    "lead": {
        "en": "Every published number with its definition, its interval and a verdict.",
        "sv": "Varje publicerad siffra med sin definition, sitt intervall och ett omdöme.",
        "nb": "Hvert publisert tall med sin definisjon, sitt intervall og en vurdering.",
    },
    "founding": {
        "en": "The founding figures",
        "sv": "Siffrorna som startade projektet",
        "nb": "Tallene som startet prosjektet",
    },
    "counts": {
        "en": "Sweden to Norway: all counts by definition",
        "sv": "Sverige till Norge: alla mått efter definition",
        "nb": "Sverige til Norge: alle mål etter definisjon",
    },
    "counts_alt": {
        "en": "Each bar is the interval a number stands for; dashed lines are breaks in level. The same numbers stand in the table below.",
        "sv": "Varje stapel är det intervall en siffra står för; streckade linjer är nivåbrott. Samma siffror står i tabellen nedan.",
        "nb": "Hver søyle er intervallet et tall står for; stiplede linjer er nivåbrudd. De samme tallene står i tabellen under.",
    },
    "bridge": {
        "en": "From one definition to another: the year with both counts",
        "sv": "Från en definition till en annan: året med båda måtten",
        "nb": "Fra én definisjon til en annen: året med begge mål",
    },
    "bridge_alt": {
        "en": "A waterfall: a count by one definition, the step to the other, the residual and the other count; whiskers are intervals.",
        "sv": "Ett vattenfall: ett mått enligt en definition, steget till den andra, resten och det andra måttet; strecken är intervall.",
        "nb": "Et fossefall: et mål etter én definisjon, steget til den andre, resten og det andre målet; strekene er intervaller.",
    },
    "map": {"en": "Flow map", "sv": "Flödeskarta", "nb": "Flytkart"},
    "map_alt": {
        "en": "Lines join where people live and work; the width is the count. The same flows stand in the table below.",
        "sv": "Linjer förbinder bostad och arbete; bredden är antalet. Samma flöden står i tabellen nedan.",
        "nb": "Linjer forbinder bosted og arbeid; bredden er antallet. De samme flytene står i tabellen under.",
    },
    "no_map": {
        "en": "No borders were given, or no flow has both ends coded; name a GeoJSON file with --borders.",
        "sv": "Inga gränser angavs, eller inget flöde har båda ändar kodade; ange en GeoJSON-fil med --borders.",
        "nb": "Ingen grenser ble oppgitt, eller ingen flyt har begge ender kodet; oppgi en GeoJSON-fil med --borders.",
    },
    "domestic": {
        "en": "Norwegian flows in the border counties, on stable units",
        "sv": "Norska flöden i gränsfylkena, på stabila enheter",
        "nb": "Norske flyter i grensefylkene, på stabile enheter",
    },
    "no_domestic": {
        "en": "SSB 03321 has not been fetched into this release.",
        "sv": "SSB 03321 har inte hämtats till denna utgåva.",
        "nb": "SSB 03321 er ikke hentet til denne utgaven.",
    },
    "figures": {"en": "Every figure", "sv": "Alla siffror", "nb": "Alle tall"},
    "search": {"en": "Search", "sv": "Sök", "nb": "Søk"},
    "all": {"en": "all verdicts", "sv": "alla omdömen", "nb": "alle vurderinger"},
    "shown": {"en": "shown", "sv": "visas", "nb": "vises"},
    "figure": {"en": "Figure", "sv": "Siffra", "nb": "Tall"},
    "period": {"en": "Period", "sv": "Period", "nb": "Periode"},
    "printed": {"en": "Printed", "sv": "Tryckt", "nb": "Trykt"},
    "interval": {"en": "Interval", "sv": "Intervall", "nb": "Intervall"},
    "verdict": {"en": "Verdict", "sv": "Omdöme", "nb": "Vurdering"},
    "why": {"en": "Why", "sv": "Varför", "nb": "Hvorfor"},
    "source": {"en": "Source", "sv": "Källa", "nb": "Kilde"},
    "definition": {"en": "Definition", "sv": "Definition", "nb": "Definisjon"},
    "provenance": {"en": "Provenance and citation", "sv": "Ursprung och hänvisning", "nb": "Opphav og henvisning"},
    "table": {"en": "Show as a table", "sv": "Visa som tabell", "nb": "Vis som tabell"},
    "undated": {"en": "without a period, not drawn", "sv": "utan period, ej ritade", "nb": "uten periode, ikke tegnet"},
    "nothing": {
        "en": "There is no such number in this release.",
        "sv": "Det finns ingen sådan siffra i denna utgåva.",
        "nb": "Det finnes ikke noe slikt tall i denne utgaven.",
    },
    "consistent": {"en": "consistent", "sv": "förenlig", "nb": "forenlig"},
    "explained": {"en": "explained", "sv": "förklarad", "nb": "forklart"},
    "partly_explained": {"en": "partly explained", "sv": "delvis förklarad", "nb": "delvis forklart"},
    "inconsistent": {"en": "inconsistent", "sv": "oförenlig", "nb": "uforenlig"},
    "not_comparable": {"en": "not comparable", "sv": "ej jämförbar", "nb": "ikke sammenlignbar"},
    "no_evidence": {"en": "no evidence", "sv": "inget underlag", "nb": "ikke grunnlag"},
}
