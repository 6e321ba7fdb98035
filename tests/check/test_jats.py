"""An article in JATS gives the numbers of its text and tables, and none of its references."""

import pytest

from codon12.check import check_text
from codon12.check.documents.reading import read_document
from codon12.errors import InputError

ARTICLE = """<?xml version="1.0"?><!DOCTYPE article>
<article xmlns:xlink="http://www.w3.org/1999/xlink"><front><journal-meta><issn>1234-5678</issn></journal-meta>
<article-meta><article-id pub-id-type="doi">10.1/99</article-id>
<title-group><article-title>A trial of <italic>x</italic> in adults</article-title></title-group>
<contrib-group><contrib><name><surname>Doe</surname></name></contrib></contrib-group><volume>12</volume>
<abstract><sec><title>Results</title><p>Of 40 patients, 10 (25%) had a response.</p></sec></abstract>
</article-meta></front>
<body><sec><title>Results</title><p>In all, 7 of 40 (19.5%) died [<xref ref-type="bibr" rid="B1">12</xref>,
<xref ref-type="bibr" rid="B2">13</xref>], see <xref ref-type="table" rid="T1">Table 1</xref>.</p>
<table-wrap id="T1"><label>Table 1</label><caption><title>Events</title><p>Safety set.</p></caption>
<table><thead><tr><th>Event, no. (%)</th><th>N&#x2009;=&#x2009;40</th></tr></thead>
<tbody><tr><td>Rash<hr/></td><td>4 (10.0)</td></tr><tr><td>Fever</td><td>6 (18.0)</td></tr></tbody></table>
<table-wrap-foot><fn><p>Worst grade.</p></fn></table-wrap-foot></table-wrap>
</sec></body>
<back><ref-list><ref><mixed-citation>1 of 3 (99%)</mixed-citation></ref></ref-list></back></article>"""


def write(tmp_path, text, name="a.xml"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["a.xml", "a.nxml"])
def test_an_article_gives_its_statements_and_no_references(tmp_path, name):
    text = read_document(write(tmp_path, ARTICLE, name))
    found = {" ".join(f.statement.quote.split()): f.verdict for f in check_text(text).findings}
    assert found["10 (25%)"] == "ok"
    assert found["7 of 40 (19.5%)"] == "error"
    assert found["Rash 4 (10.0)"] == "ok"
    assert found["Fever 6 (18.0)"] == "error"
    assert "Table 1. Events. Safety set." in text
    assert "died, see Table 1." in " ".join(text.split())
    assert not any(x in text for x in ("99", "1234", "Doe", "13"))
    assert text.index("A trial of x in adults") < text.index("Of 40 patients")


def test_other_xml_is_refused(tmp_path):
    with pytest.raises(InputError, match="no journal article"):
        read_document(write(tmp_path, "<?xml version='1.0'?><ODM><Study/></ODM>"))


def test_entities_are_not_expanded_and_markup_is_inert(tmp_path):
    text = read_document(
        write(
            tmp_path,
            '<!DOCTYPE article [<!ENTITY a "10 of 40 (99%)">]><article><body><p>&a; &lt;b&gt;</p></body></article>',
        )
    )
    assert check_text(text).findings == ()
    assert "<b>" in text
