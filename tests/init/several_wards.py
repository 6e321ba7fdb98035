"""Registries in several tables: hidden sheets, lists of deaths, keys of two names, months in words, labels of SAS files."""

import csv
import datetime as dt
import io
import random

import polars as pl
import xlsxwriter
from registries import DAY, patients
from wards import Truth, courses_of


def text(path, rows, sep=",", enc="utf-8"):
    out = io.StringIO()
    csv.writer(out, delimiter=sep).writerows([["" if c is None else c for c in r] for r in rows])
    path.write_bytes(out.getvalue().encode(enc))


def fm(day, form):
    return day.strftime(form) if day else None


def german_hidden(f, n=46, seed=201):
    """XLSX: title, groups merged over headings, a hidden sheet with last year's copy, deaths in another sheet, lesions one row each."""
    r = random.Random(seed)
    ppl = patients(n, seed)
    p = [
        ["Lungenzentrum Nord, Datenstand 31.03.2023"],
        [],
        ["Patient", None, None, "Erkrankung", None, None, None, "Behandlung", None, None, None, "Nachsorge", None],
        [
            "Aufnahme-Nr.",
            "Geb.-Datum",
            "m/w/d",
            "Datum ED",
            "Tumorstadium (UICC 8)",
            "Hist. Typ",
            "PD-L1 (TPS)",
            "Systemtherapie 1. Linie",
            "Start Systemtherapie",
            "AZ (ECOG)",
            "Bestes Ansprechen (RECIST)",
            "Progression am",
            "Letztmals gesehen am",
        ],
    ]
    d = [["Aufnahme-Nr.", "Verstorben am", "Todesursache"]]
    les = [["Aufnahme-Nr.", "Untersuchung vom", "Läsion Nr.", "Lokalisation", "Art", "Durchmesser (mm)"]]
    for i, (_pid, sex, age, st, pr, de, la) in enumerate(ppl):
        k = f"{20190000 + i * 13}"
        p.append(
            [
                k,
                st - 365 * age * DAY,
                {"F": "w", "M": "m"}[sex],
                st - 20 * DAY,
                r.choice(["IIIB", "IVA", "IVB"]),
                r.choice(["Adenokarzinom", "Plattenepithelkarzinom"]),
                r.choice(["<1%", "1-49%", ">=50%", "n.b."]),
                r.choice(["Carboplatin/Pemetrexed/Pembrolizumab", "Pembrolizumab"]),
                st,
                r.choice([0, 1, 2]),
                r.choice(["CR", "PR", "SD", "PD", "n.b."]),
                pr,
                la - 4 * DAY if de else la,
            ]
        )
        if de:
            d.append([k, de, r.choice(["Tumor", "Infekt"])])
        for v in range(3):
            day = st + v * 40 * DAY - 3 * DAY
            where = r.choice(["Lunge", "Leber", "LK mediastinal"])
            les += [[k, day, z, where, "Target", r.randrange(12, 70)] for z in (1, 2)]
    with xlsxwriter.Workbook(f / "lungenzentrum.xlsx") as book:
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        for name, rows in {"Patienten": p, "Todesfälle": d, "Läsionen": les, "Alt_2021": [p[3], *p[4:20]]}.items():
            s = book.add_worksheet(name)
            for i, row in enumerate(rows):
                for j, c in enumerate(row):
                    if isinstance(c, dt.date):
                        s.write_datetime(i, j, c, day)
                    elif isinstance(c, int):
                        s.write_number(i, j, c)
                    elif c is not None:
                        s.write_string(i, j, c)
            if name == "Alt_2021":
                s.hide()
        pg = book.get_worksheet_by_name("Patienten")
        pg.merge_range(2, 0, 2, 2, "Patient")
        pg.merge_range(2, 3, 2, 6, "Erkrankung")
        pg.merge_range(2, 7, 2, 10, "Behandlung")
        pg.merge_range(2, 11, 2, 12, "Nachsorge")
    return Truth(
        {
            "Aufnahme-Nr.": "USUBJID",
            "Geb.-Datum": "BRTHDT",
            "m/w/d": "SEX",
            "Datum ED": "DIAGDT",
            "Tumorstadium (UICC 8)": "STAGE",
            "Hist. Typ": "HIST",
            "PD-L1 (TPS)": "PDL1",
            "Systemtherapie 1. Linie": "DRUG_TYPE",
            "Start Systemtherapie": "TRTSDT",
            "AZ (ECOG)": "ECOG",
            "Bestes Ansprechen (RECIST)": "BOR",
            "Progression am": "PROGDT",
            "Letztmals gesehen am": "LSTALVDT",
            "Verstorben am": "DTHDT",
            "Todesursache": None,
            "Untersuchung vom": "ASSDT",
            "Läsion Nr.": "LESION",
            "Lokalisation": "LOCATION",
            "Art": None,
            "Durchmesser (mm)": "SIZE",
        },
        courses_of(ppl),
    )


def korean_lines(f, n=38, seed=205):
    """Korean romanised: patients and lines of therapy in two CSV with keys of other names."""
    r = random.Random(seed)
    ppl = patients(n, seed)
    d = "%Y-%m-%d"
    a = [
        [
            "hwanja beonho",
            "seongbyeol",
            "saengnyeonworil",
            "jindan yeonryeong",
            "jojikhak",
            "ECOG",
            "heubyeonryeok",
            "PD-L1 (22C3)",
            "EGFR",
            "samang yeobu",
            "samangil",
            "choejong naewonil",
        ]
    ]
    b = [["hwanja ID", "chiryo chasu", "yakmul", "chiryo sijakil", "chiryo jongryoil", "choego banneung", "jinhaengil"]]
    for i, (_pid, sex, age, st, pr, de, la) in enumerate(ppl):
        k = 30000 + i
        a.append(
            [
                k,
                {"F": "yeoja", "M": "namja"}[sex],
                fm(st - 365 * age * DAY, d),
                age,
                r.choice(["seonam", "pyeonpyeong sangpi"]),
                r.choice("012"),
                r.choice(["bi heubyeonja", "gwageo heubyeonja", "hyeonjae heubyeonja"]),
                r.choice(["<1%", "1-49%", "≥50%"]),
                r.choice(["L858R", "exon 19 del", "eumseong"]),
                "Y" if de else "N",
                fm(de, d),
                fm(la, d),
            ]
        )
        b.append(
            [
                k,
                1,
                r.choice(["Gefitinib", "Osimertinib"]),
                fm(st, d),
                fm(st + 40 * DAY, d),
                r.choice(["CR", "PR", "SD", "PD"]),
                fm(pr, d),
            ]
        )
        if pr:
            b.append([k, 2, "Pemetrexed", fm(pr + 7 * DAY, d), None, r.choice(["PR", "SD", "PD"]), None])
    text(f / "hwanja.csv", a, ",", "utf-8-sig")
    text(f / "chiryo.csv", b, ",", "utf-8-sig")
    return Truth(
        {
            "hwanja beonho": "USUBJID",
            "seongbyeol": "SEX",
            "saengnyeonworil": "BRTHDT",
            "jindan yeonryeong": "AGE",
            "jojikhak": "HIST",
            "ECOG": "ECOG",
            "heubyeonryeok": "SMOKING",
            "PD-L1 (22C3)": "PDL1",
            "EGFR": "EGFRMUT",
            "samang yeobu": "VITAL",
            "samangil": "DTHDT",
            "choejong naewonil": "LSTALVDT",
            "hwanja ID": "USUBJID",
            "chiryo chasu": "LINE",
            "yakmul": "DRUG_TYPE",
            "chiryo sijakil": "TRTSDT",
            "chiryo jongryoil": "TRTEDT",
            "choego banneung": "BOR",
            "jinhaengil": "PROGDT",
        },
        courses_of(ppl),
    )


def japanese_xpt(f, n=36, seed=206):
    """SAS-like flat XPT (v5): 8-character names, labels romanised Japanese, SAS dates."""
    import pyreadstat

    r = random.Random(seed)
    ppl = patients(n, seed)
    rec = []
    for i, (_pid, sex, age, st, pr, de, la) in enumerate(ppl):
        rec.append(
            {
                "SHOREI": f"J{i + 1:03d}",
                "SEIBETSU": {"F": "josei", "M": "dansei"}[sex],
                "NENREI": float(age),
                "BYOKI": r.choice(["IIIB", "IVA", "IVB"]),
                "PS": float(r.choice([0, 1, 2])),
                "KITSUEN": r.choice(["ari", "nashi"]),
                "SOSHIKI": r.choice(["sengan", "henpei johi gan"]),
                "YAKUZAI": r.choice(["docetaxel", "sotorasib"]),
                "KAISHIBI": st,
                "KOKA": r.choice(["CR", "PR", "SD", "PD", "NE"]),
                "ZOUAKUBI": pr,
                "TENKI": "shibou" if de else "seizon",
                "SHIBOUBI": de,
                "SAISHUBI": la,
            }
        )
    df = pl.DataFrame(rec)
    lab = {
        "SHOREI": "Shorei bangou",
        "SEIBETSU": "Seibetsu",
        "NENREI": "Touroku-ji nenrei",
        "BYOKI": "Rinsho byoki",
        "PS": "ECOG PS",
        "KITSUEN": "Kitsuen reki",
        "SOSHIKI": "Soshikigata",
        "YAKUZAI": "Shiyou yakuzai",
        "KAISHIBI": "Touyo kaishibi",
        "KOKA": "Saidai koka (RECIST)",
        "ZOUAKUBI": "Zouaku kakuninbi",
        "TENKI": "Saishu tenki",
        "SHIBOUBI": "Shibou bi",
        "SAISHUBI": "Saishu seizon kakuninbi",
    }
    pyreadstat.write_xport(df, str(f / "haigan.xpt"), column_labels=lab, file_format_version=5, table_name="HAIGAN")
    return Truth(
        {
            "SHOREI": "USUBJID",
            "SEIBETSU": "SEX",
            "NENREI": "AGE",
            "BYOKI": "STAGE",
            "PS": "ECOG",
            "KITSUEN": "SMOKING",
            "SOSHIKI": "HIST",
            "YAKUZAI": "DRUG_TYPE",
            "KAISHIBI": "TRTSDT",
            "KOKA": "BOR",
            "ZOUAKUBI": "PROGDT",
            "TENKI": "VITAL",
            "SHIBOUBI": "DTHDT",
            "SAISHUBI": "LSTALVDT",
        },
        courses_of(ppl),
    )


def spanish_seq(f, n=40, seed=203):
    """Spanish CSV: mmm-yyyy dates of diagnosis, months of OS with fallecido, SEQ_MONTHS-like delayed entry, HGVS in three spellings."""
    r = random.Random(seed)
    ppl = patients(n, seed)
    rows = [
        [
            "ID caso",
            "Género",
            "Edad al dx",
            "Fecha dx",
            "Estadio clínico",
            "PS ECOG",
            "Hábito tabáquico",
            "Esquema de tratamiento",
            "PD-L1 TPS (%)",
            "Variante KRAS",
            "TMB (mut/Mb)",
            "Meses hasta secuenciación",
            "Meses de seguimiento",
            "Fallecido",
            "Respuesta objetiva",
            "Hospital",
        ]
    ]
    M = ["Ene", "Feb", "Mar", "Abr", "May", "Jun", "Jul", "Ago", "Sep", "Oct", "Nov", "Dic"]
    cs = []
    for i, (pid, sex, age, st, _pr, de, la) in enumerate(ppl):
        m = round(((la - st).days + 1) / 30.4375, 2)
        g = st - 10 * DAY
        cs.append((pid, m * 30.4375, de is not None))
        rows.append(
            [
                f"H{i + 1:04d}",
                {"F": "Femenino", "M": "Masculino"}[sex],
                age,
                f"{M[g.month - 1]}-{g.year}",
                r.choice(["IIIB", "IVA", "IVB"]),
                r.choice("012"),
                r.choice(["nunca", "exfumador", "fumador"]),
                r.choice(["Cisplatino-vinorelbina", "Nivolumab"]),
                r.choice(["0", "5", "30", "80"]),
                r.choice(["p.G12C", "G12C", "p.Gly12Cys", "p.Gly12Asp", "No detectada"]),
                f"{r.uniform(1, 20):.1f}".replace(".", ","),
                f"{m * r.random() * 0.3:.2f}".replace(".", ","),
                f"{m:.2f}".replace(".", ","),
                "Sí" if de else "No",
                r.choice(["RC", "RP", "EE", "PE"]),
                r.choice(["La Fe", "Clínic"]),
            ]
        )
    text(f / "casos.csv", rows, ";", "cp1252")
    return Truth(
        {
            "ID caso": "USUBJID",
            "Género": "SEX",
            "Edad al dx": "AGE",
            "Fecha dx": None,
            "Estadio clínico": "STAGE",
            "PS ECOG": "ECOG",
            "Hábito tabáquico": "SMOKING",
            "Esquema de tratamiento": "DRUG_TYPE",
            "PD-L1 TPS (%)": "PDL1",
            "Variante KRAS": "KRASMUT",
            "TMB (mut/Mb)": "TMB",
            "Meses hasta secuenciación": None,
            "Meses de seguimiento": "OS_TIME",
            "Fallecido": "VITAL",
            "Respuesta objetiva": "BOR",
            "Hospital": "SITEID",
        },
        cs,
    )


def english_clinic(f, n=45, seed=304):
    """A UK clinic's list: two CSV (patients, treatments) with different key names, dd-Mon-yy dates, deaths as text in status."""
    r = random.Random(seed)
    ppl = patients(n, seed)
    d = "%d-%b-%y"
    a = [
        [
            "Hospital no",
            "Sex at birth",
            "Age at referral",
            "Histological subtype",
            "Stage group",
            "Smoking status",
            "PDL1 (SP263)",
            "Date last seen",
            "Alive/Dead",
            "Date died",
        ]
    ]
    b = [
        [
            "HospNo",
            "Treatment line",
            "SACT regimen",
            "Cycle 1 date",
            "Final cycle date",
            "Best response",
            "Progression date",
            "WHO PS at start",
        ]
    ]
    for i, (_pid, sex, age, st, pr, de, la) in enumerate(ppl):
        k = f"X{i + 100}"
        a.append(
            [
                k,
                {"F": "Female", "M": "Male"}[sex],
                age,
                r.choice(["Adenocarcinoma", "Squamous cell", "NSCLC NOS"]),
                r.choice(["4A", "4B", "3B"]),
                r.choice(["Never", "Ex", "Current"]),
                r.choice(["<1%", "1-49%", ">=50%", "Not tested"]),
                fm(la - 3 * DAY if de else la, d),
                "Dead" if de else "Alive",
                fm(de, d),
            ]
        )
        b.append(
            [
                k,
                1,
                r.choice(["Carbo/Pem", "Pembro"]),
                fm(st, d),
                fm(st + 60 * DAY, d),
                r.choice(["CR", "PR", "SD", "PD"]),
                fm(pr, d),
                r.choice("012"),
            ]
        )
        if pr:
            b.append([k, 2, "Docetaxel", fm(pr + 5 * DAY, d), "", r.choice(["SD", "PD"]), "", r.choice("012")])
    text(f / "patients.csv", a)
    text(f / "treatments.csv", b)
    return Truth(
        {
            "Hospital no": "USUBJID",
            "Sex at birth": "SEX",
            "Age at referral": "AGE",
            "Histological subtype": "HIST",
            "Stage group": "STAGE",
            "Smoking status": "SMOKING",
            "PDL1 (SP263)": "PDL1",
            "Date last seen": "LSTALVDT",
            "Alive/Dead": "VITAL",
            "Date died": "DTHDT",
            "HospNo": "USUBJID",
            "Treatment line": "LINE",
            "SACT regimen": "DRUG_TYPE",
            "Cycle 1 date": "TRTSDT",
            "Final cycle date": "TRTEDT",
            "Best response": "BOR",
            "Progression date": "PROGDT",
            "WHO PS at start": "ECOG",
        },
        courses_of(ppl),
    )


def portuguese_lines(f, n=39, seed=302):
    """Portuguese: one row a line of therapy, cp1252, semicolon, decimal commas."""
    r = random.Random(seed)
    ppl = patients(n, seed)
    d = "%d/%m/%Y"
    rows = [
        [
            "Nº processo",
            "Sexo",
            "Data nascimento",
            "Histologia tumoral",
            "Estadiamento",
            "Hábitos tabágicos",
            "Linha terapêutica",
            "Fármaco(s)",
            "Data início linha",
            "Data fim linha",
            "Melhor resposta",
            "Data de progressão",
            "Estado vital",
            "Data do óbito",
            "Data última consulta",
            "Peso kg",
        ]
    ]
    for i, (_pid, sex, age, st, pr, de, la) in enumerate(ppl):
        base = [
            f"{4400 + i}",
            {"F": "F", "M": "M"}[sex],
            fm(st - 365 * age * DAY, d),
            r.choice(["adenocarcinoma", "carcinoma epidermóide"]),
            r.choice(["IIIB", "IVA", "IVB"]),
            r.choice(["não fumador", "ex-fumador", "fumador"]),
        ]
        end = ["Falecido" if de else "Vivo", fm(de, d), fm(la, d), f"{r.uniform(50, 90):.1f}".replace(".", ",")]
        rows.append(
            [
                *base,
                1,
                r.choice(["carboplatina+pemetrexedo", "pembrolizumab"]),
                fm(st, d),
                fm(st + 30 * DAY, d),
                r.choice(["RC", "RP", "DE", "PD"]),
                fm(pr, d),
                *end,
            ]
        )
        if pr and r.random() < 0.4:
            rows.append([*base, 2, "docetaxel", fm(pr + 6 * DAY, d), "", r.choice(["DE", "PD"]), "", *end])
    text(f / "linhas.csv", rows, ";", "cp1252")
    return Truth(
        {
            "Nº processo": "USUBJID",
            "Sexo": "SEX",
            "Data nascimento": "BRTHDT",
            "Histologia tumoral": "HIST",
            "Estadiamento": "STAGE",
            "Hábitos tabágicos": "SMOKING",
            "Linha terapêutica": "LINE",
            "Fármaco(s)": "DRUG_TYPE",
            "Data início linha": "TRTSDT",
            "Data fim linha": "TRTEDT",
            "Melhor resposta": "BOR",
            "Data de progressão": "PROGDT",
            "Estado vital": "VITAL",
            "Data do óbito": "DTHDT",
            "Data última consulta": "LSTALVDT",
            "Peso kg": None,
        },
        courses_of(ppl),
    )


WARDS = (german_hidden, korean_lines, japanese_xpt, spanish_seq, english_clinic, portuguese_lines)
