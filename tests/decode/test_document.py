"""Text to document: nothing is lost, nothing is guessed, and the process stays alive."""

from __future__ import annotations

import json
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decode.documents import dataset, text
from nordstat.decode import read_jsonstat
from nordstat.decode.document import parse
from nordstat.errors import DecodeError

VALUES = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]


def test_path_bytes_text_and_dict_give_the_same_cube(tmp_path: Path) -> None:
    """A path as Path or str, bytes, a JSON text and a parsed document are read alike."""
    path = tmp_path / "svar.json"
    path.write_bytes(text(dataset()))
    for source in (path, str(path), text(dataset()), text(dataset()).decode(), dataset()):
        assert read_jsonstat(source).values.tolist() == VALUES


def test_parsed_document_is_left_as_it_was() -> None:
    """Reading a dict changes nothing in it."""
    document = dataset()
    read_jsonstat(document)
    assert dataset() == document


def test_mapping_of_another_kind_is_read_in_a_parsed_document() -> None:
    """What a caller keeps in a read-only mapping is an object as any other."""
    cube = read_jsonstat(dataset(extension={"px": MappingProxyType({"decimals": 0})}))
    assert cube.extension["px"]["decimals"] == 0


@pytest.mark.parametrize("name", ["", "pendling"])
@pytest.mark.parametrize("values", [[1, 2, 3], [1.5, None, 3], [None, None, None], [2**53, -(2**53)]])
def test_plain_numbers_are_packed(name: str, values: list[float | None]) -> None:
    """Numbers and nulls under the values of a dataset, alone or in a bundle, come as one Arrow array, not as a list."""
    root = parse(text({name: dataset(value=values)} if name else dataset(value=values)))
    assert isinstance((root[name] if name else root)["value"], pa.DoubleArray)


def test_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    """A UTF-8 byte order mark before the text, or before a str, does no harm."""
    path = tmp_path / "bom.json"
    path.write_bytes(b"\xef\xbb\xbf" + text(dataset()))
    assert read_jsonstat(path).values.tolist() == VALUES
    assert read_jsonstat("\ufeff" + text(dataset()).decode()).values.tolist() == VALUES


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_encodings_are_refused(encoding: str) -> None:
    """Letters are never read in a wrong encoding: what is not UTF-8 is refused in words."""
    document = json.dumps(dataset(label="Århus"), ensure_ascii=False)
    with pytest.raises(DecodeError, match="not UTF-8" if encoding == "latin-1" else "UTF-16 or UTF-32"):
        read_jsonstat(document.encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings_of_plain_letters_are_refused(encoding: str) -> None:
    """Without a letter beyond ASCII a wide encoding is valid UTF-8 full of zeros; it is told all the same."""
    with pytest.raises(DecodeError, match="UTF-16 or UTF-32"):
        read_jsonstat(text(dataset()).decode().encode(encoding))


def test_half_a_character_is_refused() -> None:
    """A text with a lone surrogate is no Unicode, as a str and as an escape."""
    with pytest.raises(DecodeError, match="no Unicode text"):
        read_jsonstat('{"label": "\ud800"}')
    with pytest.raises(DecodeError, match="not JSON"):
        read_jsonstat(b'{"label": "\\ud800"}')


def test_fault_names_the_file(tmp_path: Path) -> None:
    """Every fault begins with the file it was found in, then the place in the document."""
    path = tmp_path / "svar.json"
    path.write_bytes(text(dataset(size=[2, 2])))
    with pytest.raises(DecodeError) as caught:
        read_jsonstat(path)
    assert f"{path}: dimension.Tid" == caught.value.where


@pytest.mark.parametrize("source", ["no such file.json", "X{1}.json", "", "a\0b.json", 3, None, [1, 2]])
def test_what_cannot_be_read_is_a_typed_error(source: Any) -> None:
    """A missing file and a source of the wrong kind are decode errors, as everything else is."""
    with pytest.raises(DecodeError, match="cannot be read"):
        read_jsonstat(source)


@pytest.mark.parametrize("content", [b"", b" ", b"{", b"[]", b"3", b'"text"', b"null", b"{} {}", b"<html></html>"])
def test_what_is_no_json_object_is_refused(content: bytes) -> None:
    """An empty, cut, doubled or foreign body is refused."""
    with pytest.raises(DecodeError, match="not JSON"):
        read_jsonstat(content)


@pytest.mark.fault("J02")
@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1" + "0" * 400])
@pytest.mark.parametrize("where", ["value", "extension"])
def test_number_that_is_not_finite_is_refused(number: str, where: str) -> None:
    """NaN, Infinity and numbers that overflow to it are refused wherever they stand."""
    member = {"value": ["@", 2, 3, 4, 5, 6]} if where == "value" else {"extension": {"deep": ["@"]}}
    content = text(dataset(**member)).replace(b'"@"', number.encode())
    with pytest.raises(DecodeError, match="not JSON"):
        read_jsonstat(content)


@pytest.mark.fault("J02")
@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize("sparse", [False, True])
def test_number_that_is_not_finite_is_refused_in_a_parsed_document(number: float, sparse: bool) -> None:
    """A document parsed by a careless reader may hold NaN as a number; it is no missing value."""
    value = {"0": number} if sparse else [number, None, 3, 4, 5, 6]
    with pytest.raises(DecodeError, match="not finite"):
        read_jsonstat(dataset(value=value))


@pytest.mark.parametrize(
    "strange", [{"id": ["\ud800", "Tid"]}, {"label": "\udfff"}, {"extension": {1: 2}}, {"size": [10**5000, 3]}]
)
def test_parsed_document_that_no_text_says_is_refused(strange: dict[str, Any]) -> None:
    """Half a character, a key that is no text and a number nobody can hold are refused in a parsed document too."""
    with pytest.raises(DecodeError, match="not JSON-stat: "):
        read_jsonstat(dataset(**strange))


def test_parsed_document_of_strange_keys_is_a_typed_error() -> None:
    """An object that is no dataset and whose keys have no order is refused as any other."""
    with pytest.raises(DecodeError, match="an object with 1, a"):
        read_jsonstat({1: 2, "a": 3})


@pytest.mark.fault("J03")
@pytest.mark.parametrize("place", ["value", "size", "extension"])
def test_integer_of_5000_digits_is_a_typed_error(place: str) -> None:
    """A number nobody can hold ends in a decode error."""
    members = {"value": ["@"], "size": ["@", 3], "extension": {"a": "@"}}
    content = text(dataset(**{place: members[place]})).replace(b'"@"', b"9" * 5000)
    with pytest.raises(DecodeError):
        read_jsonstat(content)


@pytest.mark.fault("J03")
@pytest.mark.parametrize("depth", [300, 1_000, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
@pytest.mark.parametrize("colon", [b"", b'"\\u003a",'])
def test_nesting_without_end_is_a_typed_error(depth: int, opening: bytes, closing: bytes, colon: bytes) -> None:
    """Nesting that would exhaust a reader's stack ends in a decode error, in the exact reading too."""
    deep = opening * depth + b"1" + closing * depth
    content = text(dataset(extension={"a": ["@"]})).replace(b'"@"', colon + deep)
    with pytest.raises(DecodeError):
        read_jsonstat(content)


@pytest.mark.fault("J01")
@pytest.mark.parametrize(
    ("content", "doubled"),
    [
        ('{"value":[1],"value":[2]}', "value"),
        ('{"dimension":{"Region":{"a":1,"a":1}}}', "dimension.Region.a"),
        ('{"a":[0,{"b":{"c":1},"b":{"c":1}}]}', "a[1].b"),
        ('{"value":[1], "\\u0076alue":[2]}', "value"),
        ('{"a:":1,"a\\u003a":2}', "a:"),
        ('{"a":"\\u003a","a":2}', "a"),
        ('{"a":1,"b":"\\u003a","a":2}', "a"),
        ('{"a":1,"b":"\\u003A","a":2}', "a"),
        ('{"{\\"a\\":":1,"{\\"a\\":":2}', '{"a":'),
        ('{"a":"}","a":"{"}', "a"),
        ('{"a":"\\\\","a":"\\\\"}', "a"),
        ('{"":1,"":2}', ""),
        ('{"å":1,"\\u00e5":2}', "å"),
        ('{"a":null,"a":null}', "a"),
        ('{"a":{"a":1,"a":2},"a":3}', "a"),
        ('{"status":{"0":":","0":":"}}', "status.0"),
    ],
)
def test_doubled_key_is_refused_with_its_path(content: str, doubled: str) -> None:
    """One key twice in an object is refused, at any depth and however it is spelt."""
    with pytest.raises(DecodeError, match="one key twice") as caught:
        parse(content.encode())
    assert doubled == caught.value.where


@pytest.mark.fault("J01")
def test_doubled_value_is_refused_beside_real_data() -> None:
    """A second array of values never replaces the first without a word."""
    content = text(dataset())[:-1] + b', "value": [6, 5, 4, 3, 2, 1]}'
    with pytest.raises(DecodeError, match="one key twice in an object: value"):
        read_jsonstat(content)


@pytest.mark.parametrize(
    "content",
    [
        '{"a":{"b":1},"c":{"b":1}}',
        '{"a":"b","b":"a"}',
        '{"a":":","b":"::"}',
        '{"a":"\\u003a\\u003A","b":"\\\\u003a"}',
        '{"a":"{\\"a\\":1,\\"a\\":2}"}',
        '{"a":[1],"A":[2]}',
        '{"a\\u0301":1,"\\u00e1":2}',
    ],
)
def test_key_that_only_looks_doubled_is_read(content: str) -> None:
    """Equal keys in different objects, and text that looks like keys, are no doubles."""
    assert json.loads(content) == parse(content.encode())


WORDS = st.text(alphabet='a:{}[]",\\u é', max_size=3) | st.just("value")
TREES = st.recursive(
    st.none() | st.integers(-9, 9) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.lists(st.tuples(WORDS, inner), max_size=3).map(tuple),
    max_leaves=12,
)
ESCAPED = st.sampled_from([(), ("key",), ("word",), ("key", "word")])


def written(node: Any, escaped: tuple[str, ...]) -> str:
    """Write a tree in which an object is a tuple of pairs, so that it may have a key twice."""
    if isinstance(node, tuple):
        pairs = (f"{spelt(key, 'key' in escaped)} :{written(child, escaped)}" for key, child in node)
        return "{" + ", ".join(pairs) + "}"
    if isinstance(node, list):
        return "[" + ",".join(written(child, escaped) for child in node) + "]"
    return spelt(node, "word" in escaped) if isinstance(node, str) else json.dumps(node)


def spelt(word: str, escape: bool) -> str:
    return json.dumps(word, ensure_ascii=escape).replace(":", "\\u003a" if escape else ":")


def doubled(node: Any) -> bool:
    """Tell by looking at every object whether it has a key twice."""
    if isinstance(node, tuple):
        keys = [key for key, _ in node]
        return len(set(keys)) < len(keys) or any(doubled(child) for _, child in node)
    return isinstance(node, list) and any(map(doubled, node))


@pytest.mark.fault("J01")
@settings(deadline=None, max_examples=400)
@given(st.lists(st.tuples(WORDS, TREES), max_size=4).map(tuple), ESCAPED)
def test_text_is_refused_if_and_only_if_a_key_stands_twice(tree: tuple[Any, ...], escaped: tuple[str, ...]) -> None:
    """Counting colons finds every doubled key and accuses no other text, with and without escapes."""
    content = written(tree, escaped).encode()
    if doubled(tree):
        with pytest.raises(DecodeError, match="one key twice"):
            parse(content)
    else:
        parse(content)
