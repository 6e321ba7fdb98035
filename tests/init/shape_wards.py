"""Registries in the shapes of exports: events and forms in one file, a table a topic, a column a visit, digits for dates."""

import random

from registries import DAY, patients
from several_wards import text
from wards import Truth, courses_of, excel


def _gene(r):
    return r.choice(["Mutation positive", "Mutation negative"])


def redcap_events(f, n=30, seed=401):
    """REDCap: one file for three events and a form that repeats, codes in the dictionary, yes and no by the type of field."""
    r, ppl = random.Random(seed), patients(n, seed)
    head = ["record_id", "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance", "sex", "ecog_bl"]
    head += ["stk11_mut", "kras_g12c", "tx_start_dt", "tx_regimen", "scan_dt", "scan_resp", "vital_status", "dod"]
    head += ["last_fu_dt", "prog_dt"]
    rows = [head]
    for i, (_pid, sex, _age, st, pr, de, la) in enumerate(ppl):
        who = {"record_id": 100 + i}
        first = {"sex": 1 if sex == "M" else 2, "ecog_bl": r.choice([0, 1]), "stk11_mut": r.choice([0, 1])}
        first |= {"kras_g12c": r.choice([0, 1])}
        last = {"vital_status": int(de is not None), "dod": de, "last_fu_dt": la, "prog_dt": pr}
        drug = {"tx_start_dt": st, "tx_regimen": r.choice(["Pembrolizumab", "Docetaxel"])}
        lines = [("baseline_arm_1", None, first), ("treatment_arm_1", None, drug)]
        scans = [(st + 30 * DAY, 3), *([(pr, 4)] if pr else [])]
        lines += [("treatment_arm_1", k + 1, {"scan_dt": d, "scan_resp": c}) for k, (d, c) in enumerate(scans)]
        for event, again, cells in [*lines, ("followup_arm_1", None, last)]:
            form = {"redcap_repeat_instrument": "imaging" if again else None, "redcap_repeat_instance": again}
            own = who | {"redcap_event_name": event} | form | cells
            rows.append([own.get(h) for h in head])
    text(f / "export.csv", rows)
    codes = [
        ["Variable / Field Name", "Field Type", "Field Label", "Choices, Calculations, OR Slider Labels"],
        ["sex", "radio", "Sex", "1, Male | 2, Female"],
        ["stk11_mut", "yesno", "STK11 mutation", None],
        ["kras_g12c", "yesno", "KRAS G12C", None],
        ["scan_resp", "radio", "Response at scan", "1, CR | 2, PR | 3, SD | 4, PD"],
        ["vital_status", "radio", "Vital status", "0, Alive | 1, Dead"],
    ]
    text(f / "dictionary.csv", codes)
    joined = {"tx_start_dt": "TRTSDT", "tx_regimen": "DRUG_TYPE", "vital_status": "VITAL", "dod": "DTHDT"}
    joined |= {"last_fu_dt": "LSTALVDT", "prog_dt": "PROGDT"}
    roles = {"record_id": "USUBJID", "sex": "SEX", "ecog_bl": "ECOG", "stk11_mut": "STK11MUT", "kras_g12c": "KRAS_G12C"}
    roles |= {"scan_dt": "ASSDT", "scan_resp": "BOR"} | joined | {f"{c} (joined)": role for c, role in joined.items()}
    return Truth(roles, courses_of(ppl))


def english_tables(f, n=30, seed=402):
    """A table a topic: demographics, lines of therapy, progression, months of death, results of tests."""
    r, ppl = random.Random(seed), patients(n, seed)
    ppl = [
        (i, s, a, st, pr, de.replace(day=15) if de else None, de.replace(day=15) if de else la)
        for i, s, a, st, pr, de, la in ppl
    ]
    text(
        f / "Advanced.csv",
        [
            ["PatientID", "Histology", "GroupStage", "SmokingStatus"],
            *([p[0], "Squamous cell carcinoma", "Stage IV", "History of smoking"] for p in ppl),
        ],
    )
    text(f / "Demographics.csv", [["PatientID", "Gender", "Race"], *([p[0], p[1], "White"] for p in ppl)])
    lines = [["PatientID", "LineName", "LineNumber", "StartDate", "EndDate"]]
    for pid, _sex, _age, st, _pr, _de, _la in ppl:
        lines.append([pid, r.choice(["Pembrolizumab", "Carboplatin,Pemetrexed"]), 1, st, st + 20 * DAY])
        lines.append([pid, "Docetaxel,Ramucirumab", 2, st + 30 * DAY, st + 35 * DAY])
    text(f / "Lines.csv", lines)
    text(
        f / "Progression.csv",
        [["PatientID", "ProgressionDate", "LastClinicNoteDate"], *([p[0], p[4], p[6]] for p in ppl)],
    )
    text(f / "Mortality.csv", [["PatientID", "DateOfDeath"], *([p[0], f"{p[5]:%Y-%m}"] for p in ppl if p[5])])
    tests = [["PatientID", "BiomarkerName", "BiomarkerStatus"]]
    tests += [[p[0], gene, _gene(r)] for p in ppl for gene in ("KRAS", "EGFR")]
    text(f / "Tests.csv", tests)
    roles = {
        "PatientID": "USUBJID",
        "Histology": "HIST",
        "GroupStage": "STAGE",
        "SmokingStatus": "SMOKING",
        "Gender": "SEX",
    }
    roles |= {"Race": "RACE", "LineName": "DRUG_TYPE", "LineNumber": "LINE", "StartDate": "TRTSDT", "EndDate": "TRTEDT"}
    roles |= {"ProgressionDate": "PROGDT", "LastClinicNoteDate": "LSTALVDT", "DateOfDeath": "DTHDT"}
    roles |= {f"{gene} (BiomarkerStatus)": f"{gene}MUT" for gene in ("KRAS", "EGFR")}
    return Truth(roles, courses_of(ppl))


def japanese_visits(f, n=24, seed=403):
    """A column a visit for date, size and response; some of them with one kind of response alone."""
    r, ppl = random.Random(seed), patients(n, seed)
    head = ["shourei bangou", "seibetsu", "nenrei", "chiryou kaishibi"]
    head += [h for k in (1, 2, 3) for h in (f"dai{k} nichiji", f"dai{k} kei (mm)", f"dai{k} hantei")]
    rows = [[*head, "zouakubi", "saishuu kakuninbi", "tenki", "shiboubi"]]
    for pid, sex, age, st, pr, de, la in ppl:
        scans = [st + 15 * DAY, st + 18 * DAY, pr or st + 19 * DAY]
        words = [r.choice(["PR", "SD"]), r.choice(["PR", "SD"]), "PD" if pr else None]
        visits = [x for d, w in zip(scans, words, strict=True) for x in ((d if w else None), (20 if w else None), w)]
        rows.append(
            [pid, {"M": "dansei", "F": "josei"}[sex], age, st, *visits, pr, la, "shibou" if de else "seizon", de]
        )
    text(f / "nihon.csv", rows)
    roles = {"shourei bangou": "USUBJID", "seibetsu": "SEX", "nenrei": "AGE", "chiryou kaishibi": "TRTSDT"}
    roles |= {"zouakubi": "PROGDT", "saishuu kakuninbi": "LSTALVDT", "tenki": "VITAL", "shiboubi": "DTHDT"}
    return Truth(roles, courses_of(ppl))


def korean_digits(f, n=26, seed=404):
    """Dates as numbers of eight digits; who somebody is in one sheet, what happened in another."""
    r, ppl = random.Random(seed), patients(n, seed)

    def day(d):
        return int(f"{d:%Y%m%d}") if d else None

    who = [["deungnok beonho", "seongbyeol", "saengnyeonworil", "KRAS G12C"]]
    what = [["deungnok beonho", "tuyeo sijagil", "choego baneung", "jinhaengil", "samangil", "choejong chujeogil"]]
    for pid, sex, age, st, pr, de, la in ppl:
        born = day(st - 365 * age * DAY)
        who.append([pid, {"M": "nam", "F": "yeo"}[sex], born, r.choice(["yangseong", "eumseong"])])
        what.append([pid, day(st), r.choice(["PR", "SD", "PD"]), day(pr), day(de), day(la)])
    excel(f / "hanguk.xlsx", {"hwanja": who, "chiryo": what})
    roles = {"deungnok beonho": "USUBJID", "seongbyeol": "SEX", "saengnyeonworil": "BRTHDT", "KRAS G12C": "KRAS_G12C"}
    roles |= {"tuyeo sijagil": "TRTSDT", "choego baneung": "BOR", "jinhaengil": "PROGDT", "samangil": "DTHDT"}
    return Truth(roles | {"choejong chujeogil": "LSTALVDT"}, courses_of(ppl))


def german_unnamed(f, n=30, seed=405):
    """One row a line of therapy; the rows are numbered, and no heading names the patient."""
    r, ppl = random.Random(seed), patients(n, seed)
    rows = [
        ["Nr.", "Zeichen", "Geschlecht", "Geburtsdatum", "Linie", "Beginn", "Schema", "Todesdatum", "Letzter Kontakt"]
    ]
    for i, (_pid, sex, age, st, _pr, de, la) in enumerate(ppl):
        for k in range(r.choice([1, 2, 3])):
            born = st - (365 * age + i) * DAY
            drug = r.choice(["Pembrolizumab", "Docetaxel"])
            rows.append(
                [len(rows), f"AB{i * 7:03}", {"M": "m", "F": "w"}[sex], born, k + 1, st + 9 * k * DAY, drug, de, la]
            )
    text(f / "linien.csv", rows)
    roles = {"Nr.": None, "Zeichen": "USUBJID", "Geschlecht": "SEX", "Geburtsdatum": "BRTHDT", "Linie": "LINE"}
    roles |= {"Beginn": "TRTSDT", "Schema": "DRUG_TYPE", "Todesdatum": "DTHDT", "Letzter Kontakt": "LSTALVDT"}
    return Truth(roles, courses_of(ppl))


WARDS = (redcap_events, english_tables, japanese_visits, korean_digits, german_unnamed)
