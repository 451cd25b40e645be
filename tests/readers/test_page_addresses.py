"""Which record an address of VuFind is of."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers.page_addresses import _PLAIN_ADDRESS, id_of_address


@pytest.mark.parametrize(
    ("address", "identifier"),
    [
        ("https://library.example/Record/a-1", "a-1"),
        ("http://library.example:8080/vufind/Record/a.1/Details?lng=de#tabnav", "a.1"),
        ("https://library.example/Collection/7", "7"),
        ("/Record/a%2F1", "a/1"),
        ("  https://library.example/Record/1\n", "1"),
        ("https://library.example/Record/ä", "ä"),
        ("https://library.example/Record/%ff", None),
        ("https://library.example/Search/Results?lookfor=/Record/1", None),
        ("https://library.example/?x=/Record/1", None),
        ("https://[x/Record/1", None),
        ("", None),
    ],
)
def test_the_record_is_told_by_the_path(address: str, identifier: str | None):
    assert id_of_address(address) == identifier


PARTS = ["http://", "https://", "HTTP://", "a.org", ":80", "user@", "[::1]", "/", "//", "Record/", "1", "?", "#", ";",
         " ", "\t", "\n", "é", "%41", "=", "&", "x", "\\", ":"]  # fmt: skip


@given(st.lists(st.sampled_from(PARTS), max_size=8).map("".join) | st.text(max_size=12).map("https://a/".__add__))
def test_the_path_of_a_plain_address_is_what_the_standard_library_reads(address: str):
    if plain := _PLAIN_ADDRESS.fullmatch(address):
        assert plain[1] == urlsplit(address.strip()).path
