"""One rule a test, on samples of a few calls."""

import pytest

from codon12.errors import InputError, UsageError
from codon12.resistance import PairPolicy, compare_samples, read_catalogue
from codon12.resistance.sample_json import samples_of_json

PANEL = {
    "genes": ["KRAS", "NRAS", "BRAF", "MAP2K1", "RET", "MET", "ALK", "NF1", "PTEN", "EGFR", "ERBB2", "TP53"],
    "kinds": ["mutation", "copy number"],
    "fusions": ["ALK", "RET", "BRAF", "RAF1", "FGFR3", "ROS1"],
}


def mutation(text, vaf=None, **more):
    gene, protein = text.split()
    call = {"gene": gene, "kind": "mutation", "protein": protein, **more}
    return call if vaf is None else {**call, "vaf": vaf}


def sample(*calls, assay=PANEL, **more):
    return {"assay": assay, "calls": list(calls), **more}


G12C, TP53 = mutation("KRAS p.G12C", 0.3), mutation("TP53 p.R273L", 0.35)


def answer(before, after, drug="sotorasib", **more):
    both = [x if isinstance(x, list) else [x] for x in (before, after)]
    return compare_samples(*both, drug=drug, **more)


def rules(found):
    return [f["RULE"] for f in found.findings]


def test_a_gene_off_the_earlier_list_is_never_acquired():
    small = {"genes": ["KRAS", "TP53"], "kinds": ["mutation"]}
    made = answer(sample(G12C, TP53, assay=small), sample(G12C, TP53, mutation("NRAS p.Q61K", 0.1)))
    assert made.states["NRAS p.Q61K"] == "present later, not tested before"
    assert (made.mechanisms, made.possible) == ([], ["bypass, point mutation: NRAS p.Q61K"])


def test_a_hotspot_list_reaches_its_targets_alone():
    kit = {"targets": ["KRAS G12C", "KRAS G12D"]}
    made = answer(sample(G12C, TP53), sample(G12C, assay=kit))
    assert made.states["TP53 p.R273L"] == "present before, not tested later"
    assert "KRAS mutation" in made.not_testable_later
    made = answer(
        sample(G12C, assay=kit), sample(G12C, mutation("KRAS p.G12D", phase="trans"), mutation("KRAS p.G13D"))
    )
    assert made.states["KRAS p.G12D"] == "acquired"
    assert made.states["KRAS p.G13D"] == "present later, not tested before"


def test_two_unlisted_assays_have_one_reach_only_under_one_name():
    later = sample(G12C, TP53, mutation("NRAS p.Q61K"), assay={"name": "A"})
    assert answer(sample(G12C, TP53, assay={"name": "A"}), later).states["NRAS p.Q61K"] == "acquired"
    for other in ({"name": "B"}, {}):
        made = answer(sample(G12C, TP53, assay=other), later)
        assert made.states["NRAS p.Q61K"] == "present later, not tested before"


def test_of_several_samples_of_a_time_any_counts_and_the_highest_fraction():
    later = [sample(G12C, TP53), sample(mutation("KRAS p.G12C", 0.5), TP53, mutation("NRAS p.Q61K", 0.02))]
    made = answer(sample(G12C, TP53), later)
    assert made.mechanisms == ["bypass, point mutation: NRAS p.Q61K"]
    assert made.changes["KRAS p.G12C"] == "unchanged"  # 0.5 / 0.3 against TP53, unchanged: 1.67
    assert answer(sample(G12C, TP53), later[::-1]) == made


def test_indels_are_compared_by_place_and_itds_by_gene():
    made = answer(
        sample(mutation("EGFR p.E746_A750del", 0.3)), sample(mutation("EGFR p.L747_P753delinsS", 0.3)), "osimertinib"
    )
    assert list(made.states.values()) == ["retained"]
    far = answer(
        sample(mutation("EGFR p.E746_A750del"), TP53), sample(mutation("EGFR p.D770_N771insG"), TP53), "erlotinib"
    )
    assert sorted(far.states.values()) == ["acquired", "lost", "retained"]
    exact = answer(
        sample(mutation("EGFR p.E746_A750del"), TP53), sample(mutation("EGFR p.L747_P753delinsS"), TP53), "erlotinib",
        policy=PairPolicy(indel_window=0),
    )  # fmt: skip
    assert sorted(exact.states.values()) == ["acquired", "lost", "retained"]


def test_protein_names_are_one_however_written():
    later = sample(mutation("KRAS p.Gly12Cys", 0.3), mutation("TP53 R273L", 0.3))
    assert set(answer(sample(G12C, TP53), later).states.values()) == {"retained"}


@pytest.mark.parametrize(
    ("before", "later", "change"),
    [(0.02, 0.2, "enriched"), (0.02, 0.06, "unchanged"), (0.2, 0.1, "depleted"), (0.1, 0.19, "unchanged")],
)
def test_change_of_a_retained_alteration(before, later, change):
    """0.06 - 0.02 is below 0.05, so a ratio of 3 is not enriched."""
    made = answer(sample(TP53, mutation("NRAS p.Q61K", before)), sample(TP53, mutation("NRAS p.Q61K", later)))
    assert made.changes == {"NRAS p.Q61K": change}


def test_ratios_are_read_against_the_truncal_reference_only():
    """All fractions fall to a third: nothing changed in the tumour, there is less of it in the plasma."""
    later = sample(mutation("KRAS p.G12C", 0.1), mutation("TP53 p.R273L", 0.35 / 3), specimen="plasma")
    assert answer(sample(G12C, TP53), later).changes == {"KRAS p.G12C": "unchanged"}
    named = answer(sample(G12C, TP53), later, policy=PairPolicy(truncal="KRAS p.G12C"))
    assert named.changes == {"TP53 p.R273L": "unchanged"}


def test_no_fractions_no_changes():
    bare = sample(mutation("KRAS p.G12C"), mutation("TP53 p.R273L"))
    assert answer(bare, bare).changes == {}


def test_loss_in_plasma_that_holds_hardly_any_tumour_is_not_called():
    later = sample(mutation("TP53 p.R273L", 0.003), specimen="plasma")
    made = answer(sample(G12C, TP53), later)
    assert (made.result, made.states["KRAS p.G12C"]) == ("not evaluable", "present before, not found later")
    tissue = answer(sample(G12C, TP53), {**later, "specimen": "tissue"})
    assert tissue.mechanisms == ["on-target, loss of the target: KRAS p.G12C"]


def test_same_tumour_guard_needs_a_reach_in_common():
    other = {"genes": ["MET"], "kinds": ["mutation"]}
    kras = {"genes": ["KRAS"], "kinds": ["mutation"]}
    made = answer(sample(G12C, assay=kras), sample(mutation("MET p.D1028H"), assay=other))
    assert (made.result, made.flags) == ("no mechanism found", [])
    seen = answer(sample(G12C), sample(mutation("MET p.D1028H"), assay=other))  # MET was read before too
    assert seen.flags == ["no alteration shared: same tumour not shown"]


def test_a_pocket_mutation_in_trans_does_not_count():
    made = answer(sample(G12C, TP53), sample(G12C, TP53, mutation("KRAS p.R68S", 0.1, phase="trans")), "adagrasib")
    assert (made.result, made.mechanisms) == ("no mechanism found", [])


def test_a_pocket_mutation_more_frequent_than_the_target():
    later = sample(mutation("KRAS p.G12C", 0.1), TP53, mutation("KRAS p.Y96C", 0.2, phase="cis"))
    made = answer(sample(G12C, TP53), later, "adagrasib")
    assert made.notes == ["KRAS p.Y96C: more frequent than p.G12C, so not only in cis"]


def test_phase_of_second_changes_in_codon_12():
    silent = mutation("KRAS p.G12=", 0.1, coding="c.36T>G")
    made = answer(sample(G12C, TP53), sample(G12C, TP53, {**silent, "phase": "cis"}), "adagrasib")
    assert made.mechanisms == ["on-target, other activating allele: KRAS p.G12W"]
    open_ = answer(sample(G12C, TP53), sample(G12C, TP53, silent), "adagrasib")
    assert open_.notes == ["p.G12=: phase with p.G12C not known; in cis it would be p.G12W"]
    trans = answer(sample(G12C, TP53), sample(G12C, TP53, mutation("KRAS p.G12D", 0.1, phase="trans")))
    assert (trans.mechanisms, trans.notes) == (["on-target, other activating allele: KRAS p.G12D"], [])
    # One base cannot change twice on one molecule.
    assert answer(sample(G12C, TP53), sample(G12C, TP53, mutation("KRAS p.G12R", 0.1))).notes == []


def test_the_drug_is_the_key():
    lung = sample(mutation("EGFR p.L858R", 0.4))
    later = sample(mutation("EGFR p.L858R", 0.4), mutation("EGFR p.T790M", 0.2))
    assert answer(lung, later, "gefitinib").mechanisms == ["on-target, gatekeeper: EGFR p.T790M"]
    assert answer(lung, later, "osimertinib").mechanisms == []
    assert answer(later, lung, "osimertinib").mechanisms == ["on-target, loss of the target: EGFR p.T790M"]
    alk = answer(sample(TP53), sample(TP53, mutation("ALK p.L1196M", 0.1)), "alectinib")
    assert (alk.mechanisms, alk.notes) == ([], ["ALK p.L1196M: listed for crizotinib"])


def test_needs_met_not_met_and_not_to_be_judged():
    t790m, l792h = mutation("EGFR p.T790M", 0.2), mutation("EGFR p.L792H", 0.1)
    kept = answer(sample(t790m, TP53), sample(t790m, TP53, l792h), "osimertinib")
    assert kept.mechanisms == ["on-target, drug pocket: EGFR p.L792H"]
    gone = answer(sample(t790m, TP53), sample(TP53, l792h), "osimertinib")
    assert gone.notes == [
        "EGFR p.L792H: needs EGFR p.T790M retained",
        "EGFR p.T790M: lost, but not EGFR sensitising mutation retained",
    ]
    amplified = {"gene": "KRAS", "kind": "amplification"}
    blind = sample(TP53, amplified, assay={"genes": ["TP53"], "kinds": ["mutation"]})
    open_ = answer(sample(G12C, TP53), blind)
    assert open_.result == "possible mechanism, a need cannot be judged"


def test_loss_of_function_is_nonsense_frameshift_splice_and_deep_deletion():
    for call in (mutation("NF1 p.R1534*"), mutation("PTEN p.K267Rfs*9"), mutation("NF1 p.X123_splice"),
                 {"gene": "PTEN", "kind": "deep deletion"}):  # fmt: skip
        assert answer(sample(G12C, TP53), sample(G12C, TP53, call)).result == "mechanism found"


def test_a_fusion_is_named_by_the_gene_of_its_rule():
    made = answer(sample(G12C, TP53), sample(G12C, TP53, {"gene": "EML4", "kind": "fusion", "partner": "ALK"}))
    assert made.mechanisms == ["bypass, fusion: ALK-EML4 fusion"]
    turned = answer(sample(TP53, {"gene": "EML4", "kind": "fusion", "partner": "ALK"}),
                    sample(TP53, {"gene": "ALK", "kind": "fusion", "partner": "EML4"}), "alectinib")  # fmt: skip
    assert list(turned.states.values()).count("retained") == 2


def test_depth_flags_and_the_reads_that_are_needed():
    """(1 - 0.01)^299 is 0.0495, (1 - 0.01)^298 is 0.0500: 299 reads are needed."""
    later = sample(G12C, TP53, mutation("NRAS p.Q61R", 0.01))
    for depth, flagged in ((100, True), (298, True), (299, False)):
        made = answer(sample(G12C, TP53, assay={**PANEL, "depth": depth}), later)
        assert bool(made.flags) is flagged
        assert made.states["NRAS p.Q61R"] == "acquired"


def test_percent_is_read_as_such_and_said():
    made = answer(sample(mutation("KRAS p.G12C", 30), mutation("TP53 p.R273L", 35)), sample(G12C, TP53))
    assert made.changes == {"KRAS p.G12C": "unchanged"}
    assert rules(made) == ["vaf-in-percent"]


def test_order_and_identity_of_samples_are_findings():
    first, second = sample(G12C, TP53, date="2024-05-01", id="b"), sample(G12C, TP53, date="2024-04-01", id="a")
    assert rules(answer(first, second)) == ["later-before-earlier"]
    assert rules(answer(first, {**second, "date": "2024-05-01"})) == ["samples-of-one-day"]
    assert rules(answer(first, {**second, "id": "b", "date": "2024-06-01"})) == ["same-sample-twice"]
    assert rules(answer([first, first], {**second, "date": "2024-06-01"})) == ["same-sample-twice"]


def test_other_genome_builds_compare_by_protein():
    old = {
        "gene": "KRAS",
        "kind": "mutation",
        "chrom": "12",
        "pos": 25398285,
        "ref": "C",
        "alt": "A",
        "build": "GRCh37",
    }
    new = {**old, "pos": 25245351, "build": "GRCh38"}
    made = answer(sample(old, TP53), sample(new, TP53))
    assert made.states["KRAS p.G12C"] == "retained"
    assert rules(made) == ["other-genome-build"]


def test_plasma_beside_tissue_of_one_time_is_said():
    later = [
        sample(G12C, TP53, specimen="tissue"),
        sample(G12C, TP53, mutation("NRAS p.Q61K", 0.01), specimen="plasma"),
    ]
    made = answer(sample(G12C, TP53), later)
    assert "NRAS p.Q61K: found in plasma, not in tissue of one time." in made.comments


def test_drugs_are_found_without_case_and_near_names_are_told():
    assert answer(sample(G12C), sample(G12C), "Sotorasib").drug == "sotorasib"
    with pytest.raises(UsageError, match="nearest: sotorasib"):
        answer(sample(G12C), sample(G12C), "sotorasip")


@pytest.mark.parametrize(
    ("later", "says"),
    [
        ({"calls": [{"kind": "mutation"}]}, "names no gene"),
        ({"calls": [{"gene": "KRAS", "kind": "methylation"}]}, "is none of"),
        ({"calls": [mutation("KRAS p.G12C", 300)]}, "outside 0 to 1"),
        ({"calls": [mutation("KRAS p.G12C", "much")]}, "is no number"),
        ({"calls": [mutation("KRAS p.X!2")]}, "sample 1, call 1"),
        ({}, "needs 'calls'"),
        ({"calls": [], "assay": {"genes": "KRAS"}}, "list of texts"),
        ({"calls": [], "specimen": "saliva"}, "neither tissue nor plasma"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(later, says):
    with pytest.raises(InputError, match=says):
        answer(sample(G12C), later)


def test_unknown_keys_are_findings():
    assert rules(answer(sample(G12C, TP53), sample(G12C, TP53, colour="red"))) == ["unknown-key"]


def test_a_catalogue_of_ones_own_may_use_former_symbols_and_short_changes(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(
        '[[entry]]\ndrugs = ["newdrug"]\ntarget = "KRAS G12D"\n[[entry.rule]]\nclass = "bypass"\n'
        'match = { gene = "HER2", proteins = ["Ser310Phe"] }\nsource = "here"\ntrust = "read"\n'
        '[[entry.rule]]\nclass = "loss"\nmatch = { gene = "KRAS", lost = "G12D" }\nsource = "here"\ntrust = "read"\n'
    )
    g12d = mutation("KRAS p.G12D", 0.3)
    made = answer(
        sample(g12d, TP53), sample(TP53, mutation("ERBB2 p.S310F", 0.1)), "newdrug", catalogue=read_catalogue(own)
    )
    assert made.mechanisms == ["bypass: ERBB2 p.S310F", "loss: KRAS p.G12D"]


@pytest.mark.parametrize(
    ("call", "kind", "rules"),
    [
        ({"gene": "ALK", "kind": "rearrangement"}, "rearrangement", ["partner-not-named"]),
        ("ALK rearrangement", "rearrangement", ["partner-not-named"]),
        ({"gene": "BRAF", "kind": "intragenic rearrangement"}, "rearrangement", []),
        ({"gene": "ALK", "kind": "rearrangement", "partner": "EML4"}, "fusion", []),
    ],
)
def test_a_rearrangement_without_a_partner_is_said(call, kind, rules):
    (sample,) = samples_of_json([{"calls": [call]}], file="a.json", prefix="after")
    assert (sample.calls["CLASS"].to_list(), [f.rule for f in sample.findings]) == ([kind], rules)


def test_a_call_without_reads_was_looked_for_and_not_seen():
    nras = [mutation("NRAS p.Q61K", vaf) for vaf in (0, 0.1)]
    gained = answer(sample(G12C, TP53, nras[0], assay={}), sample(G12C, TP53, nras[1], assay={}))
    assert gained.states["NRAS p.Q61K"] == "acquired"
    assert gained.mechanisms == ["bypass, point mutation: NRAS p.Q61K"]
    assert rules(gained) == ["call-without-reads"]
    assert answer(sample(G12C, TP53, nras[1]), sample(G12C, TP53, nras[0])).states["NRAS p.Q61K"] == "lost"
    assert "NRAS p.Q61K" not in answer(sample(G12C, nras[0]), sample(G12C, nras[0])).states
    # Not seen in one later sample says nothing of what an earlier one could have shown.
    two = [sample(G12C, TP53, v, assay={}) for v in nras]
    assert answer(sample(G12C, TP53, assay={}), two).states["NRAS p.Q61K"] == "present later, not tested before"


def test_a_coding_change_alone_is_the_protein_change_of_its_codon():
    egfr, coded = mutation("EGFR p.L858R", 0.4), {"gene": "EGFR", "coding": "c.2369C>T", "vaf": 0.1}
    named = mutation("EGFR p.T790M", 0.1)
    for before, after in ((coded, named), (named, coded)):
        made = answer(sample(egfr, before), sample(egfr, after), drug="gefitinib")
        assert made.states == {"EGFR p.L858R": "retained", "EGFR p.T790M": "retained"}
        assert made.notes == ["EGFR p.T790M: also written c.2369C>T, of the same codon; taken as one"]
    alone = answer(sample(egfr), sample(egfr, coded), drug="gefitinib")
    assert alone.notes == ["EGFR c.2369C>T: without its protein change it meets no rule that names one"]


def test_an_earlier_sample_that_shows_nothing_is_flagged():
    made = answer(sample(), sample(G12C, mutation("NRAS p.Q61K", 0.1)))
    assert made.flags == ["no alteration in the earlier sample: tumour content not shown"]


@pytest.mark.parametrize("change", [{"protein": "p.T790"}, {"protein": "p.T790?"}, {"coding": "c.2369C>T"}])
def test_a_change_whose_residue_is_not_told_may_be_the_mechanism(change):
    made = answer(sample(TP53), sample(TP53, {"gene": "EGFR", "kind": "mutation", **change}), drug="gefitinib")
    assert made.result == "possible mechanism, the change of the residue is not told"
    assert (made.mechanisms, len(made.possible)) == ([], 1)
    other = sample(TP53, {"gene": "EGFR", "kind": "mutation", "coding": "c.2360C>T"})  # codon 787
    assert answer(sample(TP53), other, drug="gefitinib").result == "no mechanism found"


def test_x_for_a_residue_is_no_stop_in_json_either():
    """As tables have it: ``KRAS p.G12X`` names no change; elsewhere X is the old letter of a stop (HGVS)."""
    calls = [{"gene": "KRAS", "protein": "p.G12X"}, "KRAS G12X", {"gene": "TP53", "protein": "p.R213X"}]
    (sample,) = samples_of_json([{"calls": calls}], file="a.json", prefix="after")
    assert sample.calls["PROTEIN"].to_list() == ["p.G12?", "p.G12?", "p.R213*"]
