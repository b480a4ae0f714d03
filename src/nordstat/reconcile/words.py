"""The words that verdicts and evidence are said in, in three languages."""

from __future__ import annotations

from collections.abc import Iterable

from nordstat.model.interval import Interval
from nordstat.model.text import LANGUAGES, Text, same


def say(key: str, **parts: Text | Interval | str) -> Text:
    """Give a phrase in every language, with its parts in their places."""
    phrase = WORDS[key]
    return Text(*(phrase[to].format(**{name: _in(part, to) for name, part in parts.items()}) for to in LANGUAGES))


def number(name: str, interval: Interval) -> Text:
    """Give a number by its id and what it stands for."""
    return say("number", id=name, interval=interval)


def joined(parts: Iterable[Text], between: Text) -> Text:
    """Give texts one after the other."""
    texts = list(parts)
    return Text(*(between[to].join(text[to] for text in texts) for to in LANGUAGES))


def enumerated(parts: Iterable[Text]) -> Text:
    """Give texts as a list that ends with "and"."""
    *front, last = parts
    return say("and", first=joined(front, WORDS["comma"]), second=last) if front else last


def _in(part: Text | Interval | str, language: str) -> str:
    if isinstance(part, Interval):
        return part.written(language)
    return part[language] if isinstance(part, Text) else part


WORDS = {
    "comma": same(", "),
    "plus": same(" + "),
    "or": Text(" or ", " eller ", " eller "),
    "with": Text(" with ", " med ", " med "),
    "and": Text("{first} and {second}", "{first} och {second}", "{first} og {second}"),
    "PS": Text("persons", "personer", "personer"),
    "JOBS": Text("jobs", "arbeten", "jobber"),
    "PC": Text("per cent", "procent", "prosent"),
    "measured": Text("measured", "uppmätt", "målt"),
    "estimated": Text("estimated", "uppskattat", "anslått"),
    "assumed": Text("assumed", "antaget", "antatt"),
    # Evidence: how a number was made.
    "number": same("{id} {interval}"),
    "numbers": Text("{count} numbers", "{count} tal", "{count} tall"),
    "step": same("{step} ({method})"),
    "led": Text(
        "{number} led by {way} to this definition",
        "{number}, fört till denna definition med {way}",
        "{number}, ført til denne definisjonen med {way}",
    ),
    "against": Text("{top} against {base}", "{top} mot {base}", "{top} mot {base}"),
    "together": Text("{first} with {second}", "{first} med {second}", "{first} med {second}"),
    "whole": Text(
        "a whole it is part of: {number}", "en helhet som det ingår i: {number}", "en helhet som det inngår i: {number}"
    ),
    "part": Text("a part of it: {number}", "en del av det: {number}", "en del av det: {number}"),
    "sum": Text("the sum of its parts, {parts}", "summan av dess delar, {parts}", "summen av delene, {parts}"),
    "some_parts": Text(
        "parts of it together, {parts}", "delar av det tillsammans, {parts}", "deler av det til sammen, {parts}"
    ),
    "rest": Text(
        "the whole less the other parts, {whole} less {parts}",
        "helheten minus de andra delarna, {whole} minus {parts}",
        "helheten minus de andre delene, {whole} minus {parts}",
    ),
    "some_rest": Text(
        "the whole less other parts of it, {whole} less {parts}",
        "helheten minus andra delar av den, {whole} minus {parts}",
        "helheten minus andre deler av den, {whole} minus {parts}",
    ),
    "movement": Text(
        "who lives, works, comes and goes there, {added} less {taken}",
        "vilka som bor, arbetar, pendlar in och pendlar ut där, {added} minus {taken}",
        "hvem som bor, arbeider, pendler inn og pendler ut der, {added} minus {taken}",
    ),
    "notes": Text("{text} (notes: {notes})", "{text} (noter: {notes})", "{text} (noter: {notes})"),
    # Verdicts.
    "printed": same("{number} {unit}"),
    "implies": Text(
        "{numerator} over {share} implies a base of {implied}; the official one ({source}, {label}, {year}) is {base}, "
        "of which {numerator} is {over} per cent and {share} is {count}; which of the three numbers is off cannot be "
        "told from them.",
        "{numerator} delat med {share} förutsätter basen {implied}; den officiella ({source}, {label}, {year}) är "
        "{base}: av den är {numerator} {over} procent, och {share} av den är {count}; vilket av de tre talen som är "
        "fel går inte att se av dem.",
        "{numerator} delt på {share} forutsetter basen {implied}; den offisielle ({source}, {label}, {year}) er "
        "{base}: av den er {numerator} {over} prosent, og {share} av den er {count}; hvilket av de tre tallene som er "
        "galt, kan ikke ses av dem.",
    ),
    "cannot_be": Text(
        "{printed} cannot be: {text}.", "{printed} kan inte stämma: {text}.", "{printed} kan ikke stemme: {text}."
    ),
    "wrong_side": Text(
        "{printed} lies on the wrong side of {number}: the definitions ({facets}) predict the other order.",
        "{printed} ligger på fel sida om {number}: definitionerna ({facets}) förutsäger den omvända ordningen.",
        "{printed} ligger på feil side av {number}: definisjonene ({facets}) forutsier den omvendte rekkefølgen.",
    ),
    "not_both": Text(
        "{printed} and {other} for the same flow{when} cannot both hold{reason}.",
        "{printed} och {other} för samma flöde{when} kan inte stämma båda två{reason}.",
        "{printed} og {other} for samme strøm{when} kan ikke stemme begge to{reason}.",
    ),
    "made_from": Text("{interval}, from {text},", "{interval}, ur {text},", "{interval}, fra {text},"),
    "when": Text(" in {period}", " ({period})", " ({period})"),
    "vague": Text(
        "; {id} does not say how it counts: another concept is a possible reason, not a proven one",
        "; {id} säger inte hur det räknar: ett annat begrepp är ett möjligt skäl, inte ett bevisat",
        "; {id} sier ikke hvordan det teller: et annet begrep er en mulig grunn, ikke en bevist",
    ),
    "same_publication": Text(
        "{printed} agrees with {what} of the same publication; no independent number was found.",
        "{printed} stämmer med {what} i samma publikation; något oberoende tal har inte hittats.",
        "{printed} stemmer med {what} i samme publikasjon; noe uavhengig tall er ikke funnet.",
    ),
    "computed_all": Text(
        "{interval}, computed from {text}, all",
        "{interval}, beräknat ur {text}, allt",
        "{interval}, beregnet fra {text}, alt",
    ),
    "same_definition": Text(
        "{printed} agrees with {number} by the same definition ({text}).",
        "{printed} stämmer med {number} enligt samma definition ({text}).",
        "{printed} stemmer med {number} etter samme definisjon ({text}).",
    ),
    "computed": Text(
        "{printed} agrees with {interval}, computed from {text}.",
        "{printed} stämmer med {interval}, beräknat ur {text}.",
        "{printed} stemmer med {interval}, beregnet fra {text}.",
    ),
    "explained": Text(
        "{printed} agrees with {interval}, which is {text}.",
        "{printed} stämmer med {interval}, som är {text}.",
        "{printed} stemmer med {interval}, som er {text}.",
    ),
    "partly": Text(
        "{printed} differs from {interval}, which is {text}: the rest is not explained.",
        "{printed} skiljer sig från {interval}, som är {text}: resten är inte förklarad.",
        "{printed} avviker fra {interval}, som er {text}: resten er ikke forklart.",
    ),
    "right_side": Text(
        "{printed} lies on the side of {number} that the definitions predict ({facets}); by how much they should "
        "differ is not measured.",
        "{printed} ligger på den sida om {number} som definitionerna förutsäger ({facets}); hur mycket de borde skilja "
        "sig är inte uppmätt.",
        "{printed} ligger på den siden av {number} som definisjonene forutsier ({facets}); hvor mye de burde avvike, "
        "er ikke målt.",
    ),
    "differs": Text("differs in {facets}", "skiljer sig i {facets}", "avviker i {facets}"),
    "another_time": Text("may be of another time", "kan gälla en annan tid", "kan gjelde en annen tid"),
    "other": same("{sources} {interval} ({label}, {period})"),
    "no_prediction": Text(
        "{printed} cannot be held against {what}, which {differing}: together they predict nothing.",
        "{printed} kan inte hållas mot {what}, som {differing}: tillsammans förutsäger de ingenting.",
        "{printed} kan ikke holdes opp mot {what}, som {differing}: til sammen forutsier de ingenting.",
    ),
    "beside": Text(
        "{printed} has only {what} beside it, whose time is not certain and which {differing}.",
        "{printed} har bara {what} bredvid sig, vars tid inte är säker och som {differing}.",
        "{printed} har bare {what} ved siden av seg, som ikke har noen sikker tid og {differing}.",
    ),
    "nearest": Text(
        "{printed} states {time}; the nearest number, {what}, {differing}{passing}.",
        "{printed} anger {time}; det närmaste talet, {what}, {differing}{passing}.",
        "{printed} oppgir {time}; det nærmeste tallet, {what}, {differing}{passing}.",
    ),
    "no_period": Text("no period", "ingen period", "ingen periode"),
    "no_certain_period": Text("no certain period", "ingen säker period", "ingen sikker periode"),
    "unmeasured": Text(
        "; how often people cross is measured by nobody",
        "; hur ofta man korsar gränsen mäts av ingen",
        "; hvor ofte folk krysser grensen, måles av ingen",
    ),
    "passing": Text(
        "; the series '{label}' passes through it between {earlier} and {later}, with no figure between them{more}",
        "; serien ”{label}” går genom det mellan {earlier} och {later}, utan något tal däremellan{more}",
        "; serien «{label}» går gjennom det mellom {earlier} og {later}, uten noe tall imellom{more}",
    ),
    "dated": same("{number} ({period})"),
    "no_evidence": Text(
        "{printed}: no other number in the evidence measures this{bound}.",
        "{printed}: inget annat tal i underlaget mäter detta{bound}.",
        "{printed}: ikke noe annet tall i grunnlaget måler dette{bound}.",
    ),
    "allowed": Text(" ({text} does not contradict it)", " ({text} motsäger det inte)", " ({text} motsier det ikke)"),
}
