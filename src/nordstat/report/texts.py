"""Words of the page in English, Swedish and Norwegian; what a source says stays in its own language."""

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
    "map": {"en": "Flow map", "sv": "Flödeskarta", "nb": "Strømkart"},
    "map_alt": {
        "en": "A line leads from where people live to the dot where they work; the wider it is, the more they are. The same flows stand in the table below.",
        "sv": "En linje går från bostaden till punkten där de arbetar; ju bredare den är, desto fler är de. Samma flöden står i tabellen nedan.",
        "nb": "En linje går fra bostedet til punktet der de arbeider; jo bredere den er, desto flere er de. De samme strømmene står i tabellen under.",
    },
    "map_note": {
        "en": "A count of a whole country is drawn at one point inland, and an area of an older division where it lies today; its number is as it was published. Of a choice with several levels the finest is drawn, of a number with several vintages the newest.",
        "sv": "Ett tal för ett helt land ritas vid en punkt i inlandet, och ett område i en äldre indelning där det ligger i dag; talet är som det publicerades. Av ett val med flera nivåer ritas den finaste, av ett tal med flera versioner den nyaste.",
        "nb": "Et tall for et helt land tegnes ved ett punkt i innlandet, og et område i en eldre inndeling der det ligger i dag; tallet er slik det ble publisert. Av et valg med flere nivåer tegnes det fineste, av et tall med flere versjoner den nyeste.",
    },
    "map_summary": {
        "en": "{direction}, {period}: {drawn} of {flows} flows are drawn, {value} of {total} {measure}. The largest: {largest}.",
        "sv": "{direction}, {period}: {drawn} av {flows} flöden är ritade, {value} av {total} {measure}. De största: {largest}.",
        "nb": "{direction}, {period}: {drawn} av {flows} strømmer er tegnet, {value} av {total} {measure}. De største: {largest}.",
    },
    "map_left": {
        "en": "Counts of flows in this release that are on no map:",
        "sv": "Tal om flöden i denna utgåva som inte är på någon karta:",
        "nb": "Tall om strømmer i denne utgaven som ikke er på noe kart:",
    },
    "map_detailed": {
        "en": "broken down by sex, age, occupation or industry",
        "sv": "uppdelade efter kön, ålder, yrke eller näringsgren",
        "nb": "delt opp etter kjønn, alder, yrke eller næring",
    },
    "map_nowhere": {
        "en": "with an end that lies within no borders there are",
        "sv": "med en ände som inte ligger inom några gränser som finns",
        "nb": "med en ende som ikke ligger innenfor noen grenser som finnes",
    },
    "map_inside": {
        "en": "that begin and end at the same place",
        "sv": "som börjar och slutar på samma plats",
        "nb": "som begynner og slutter på samme sted",
    },
    "map_coarser": {
        "en": "of a coarser level than what is drawn",
        "sv": "på en grövre nivå än det som är ritat",
        "nb": "på et grovere nivå enn det som er tegnet",
    },
    "map_earlier": {
        "en": "of earlier periods than fit on this page",
        "sv": "från tidigare perioder än vad som får plats på sidan",
        "nb": "fra tidligere perioder enn det som får plass på siden",
    },
    "map_borders": {"en": "Borders:", "sv": "Gränser:", "nb": "Grenser:"},
    "map_residence": {"en": "Residence", "sv": "Bostad", "nb": "Bosted"},
    "map_work": {"en": "Place of work", "sv": "Arbetsplats", "nb": "Arbeidssted"},
    "map_value": {"en": "Count", "sv": "Antal", "nb": "Antall"},
    "country SE": {"en": "Sweden", "sv": "Sverige", "nb": "Sverige"},
    "country NO": {"en": "Norway", "sv": "Norge", "nb": "Norge"},
    "direction": {"en": "Direction", "sv": "Riktning", "nb": "Retning"},
    "direction SE-NO": {"en": "From Sweden to Norway", "sv": "Från Sverige till Norge", "nb": "Fra Sverige til Norge"},
    "direction NO-SE": {"en": "From Norway to Sweden", "sv": "Från Norge till Sverige", "nb": "Fra Norge til Sverige"},
    "direction SE-SE": {"en": "Within Sweden", "sv": "Inom Sverige", "nb": "Innenfor Sverige"},
    "direction NO-NO": {"en": "Within Norway", "sv": "Inom Norge", "nb": "Innenfor Norge"},
    "measure persons": {"en": "persons", "sv": "personer", "nb": "personer"},
    "measure jobs": {"en": "jobs", "sv": "jobb", "nb": "jobber"},
    "measure employed": {"en": "employed", "sv": "sysselsatta", "nb": "sysselsatte"},
    "no_map": {
        "en": "No flow of this release has both ends on a map. Sweden's borders come with nordstat[maps], Norway's from a file named with --borders.",
        "sv": "Inget flöde i denna utgåva har båda ändar på en karta. Sveriges gränser följer med nordstat[maps], Norges anges som fil med --borders.",
        "nb": "Ingen strøm i denne utgaven har begge ender på et kart. Sveriges grenser følger med nordstat[maps], Norges oppgis som fil med --borders.",
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
