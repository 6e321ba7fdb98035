"""Registries as wards keep them, generated, of nobody: each with what its columns truly are and its headline numbers.

The truth of a column was written down before a first look was taken at it: its role, or None where nobody may use it.
"""

import datetime as dt
import random
from dataclasses import dataclass, field

import xlsxwriter
from registries import DAY, patients


@dataclass
class Truth:
    """What a registry holds."""

    roles: dict
    """Column -> role; None: no role that a report may use unasked."""
    courses: list = field(default_factory=list)
    """(patient, days from time zero to death or last contact, dead)."""
    runs: bool = True
    """Whether overall survival follows from the file without asking anybody."""
    entry: str | None = None
    """Column with the day of entry after time zero, which must be told."""
    orr: tuple | None = None
    """(responders, patients) by best response."""


def excel(path, sheets, merged=(), dates=()):
    """Write sheets of cells: text as text, numbers as numbers, dates as dates of the spreadsheet."""
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for i, row in enumerate(rows):
                for j, cell in enumerate(row):
                    if isinstance(cell, dt.date):
                        page.write_datetime(i, j, cell, day)
                    elif isinstance(cell, (int, float)):
                        page.write_number(i, j, cell)
                    elif cell is not None:
                        page.write_string(i, j, cell)
            for place, first, last, text in merged:
                if place == name:
                    page.merge_range(*first, *last, text)


def courses_of(people, shift=1):
    return [
        (pid, ((death or last) - start).days + shift, death is not None) for pid, _, _, start, _, death, last in people
    ]


def german_two_rows(folder, n=44, seed=11):
    """XLSX: titles, a heading of groups above the headings, a status and its date in place of a day of death, a total."""
    rng = random.Random(seed)
    people = patients(n, seed)
    rows = [["Klinikum Beispielstadt - Thoraxonkologie", *[None] * 12], ["Stand 31.12.2022, vertraulich"], []]
    rows.append(
        ["Stammdaten", None, None, "Erstdiagnose", None, None, "Therapie", None, None, None, "Verlauf", None, None]
    )
    rows.append(
        [
            "Pat.-ID",
            "Geburts-\ndatum",
            "Geschlecht",
            "Datum",
            "Histologie",
            "UICC-Stadium",
            "Beginn",
            "Substanz",
            "ECOG",
            "Bestes Ansprechen",
            "Datum Progress",
            "Letzter Status",
            "Datum letzter Status",
        ]
    )
    rows.append([None, None, "m/w", None, None, "7. Aufl.", None, None, "0-4", "RECIST 1.1", None, None, None])
    for k, (pid, sex, age, start, progress, death, last) in enumerate(people):
        rows.append(
            [
                pid,
                start - 365 * age * DAY,
                {"F": "weiblich", "M": "männlich"}[sex],
                start - 40 * DAY,
                rng.choice(["Adeno-Ca", "Plattenepithel-Ca"]),
                rng.choice(["IIIB", "IVA", "IVB"]),
                start,
                rng.choice(["Sotorasib", "Docetaxel"]),
                rng.choice([0, 1, 2]),
                ("PR", "SD", "PD", "n.b.")[k % 4],
                progress,
                "verstorben" if death else rng.choice(["lebt", "lebt", "lost to follow-up"]),
                last,
            ]
        )
    rows += [[f"n = {n}"], [], ["* Angaben laut Tumorkonferenz; n.b. = nicht beurteilbar"]]
    legend = [["Abkürzung", "Erklärung"], ["PR", "partielle Remission"], ["n.b.", "nicht beurteilbar"]]
    excel(folder / "thorax.xlsx", {"Daten": rows, "Legende": legend})
    return Truth(
        {
            "Pat.-ID": "USUBJID",
            "Geburts-\ndatum": "BRTHDT",
            "Geschlecht": "SEX",
            "Histologie": "HIST",
            "UICC-Stadium": "STAGE",
            "Beginn": "TRTSDT",
            "Substanz": "DRUG_TYPE",
            "ECOG": "ECOG",
            "Bestes Ansprechen": "BOR",
            "Datum Progress": "PROGDT",
            "Letzter Status": "VITAL",
            "Datum letzter Status": "LSTALVDT",
            "Datum": "DIAGDT",
        },
        courses_of(people),
    )


def french_status(folder, n=40, seed=12):
    """CSV of windows-1252: status at last news in abbreviations, height beside weight, a day of death for most dead."""
    rng = random.Random(seed)
    people = patients(n, seed)
    lines = [
        (
            "Identifiant;Sexe;Âge au diagnostic;Taille (cm);Poids (kg);Tabagisme;OMS;Date de début de traitement;Ligne;"
            "Date progression;Statut aux dernières nouvelles;Date des dernières nouvelles;Date de décès;Remarques"
        )
    ]
    for pid, sex, age, start, progress, death, last in people:
        said = "DCD" if death else rng.choice(["Vivant", "Vivant", "PDV"])
        lines.append(
            ";".join(
                [
                    pid,
                    "Femme" if sex == "F" else "Homme",
                    str(age),
                    str(rng.randrange(150, 190)),
                    f"{rng.uniform(50, 95):.1f}".replace(".", ","),
                    rng.choice(["actif", "sevré", "jamais"]),
                    str(rng.randrange(3)),
                    start.strftime("%d/%m/%Y"),
                    rng.choice("123"),
                    progress.strftime("%d/%m/%Y") if progress else "",
                    said,
                    last.strftime("%d/%m/%Y"),
                    death.strftime("%d/%m/%Y") if death else "",
                    "l’œil; douleur".replace(";", ",") if rng.random() < 0.1 else "",
                ]
            )
        )
    (folder / "suivi.csv").write_bytes(("\r\n".join(lines) + "\r\n").encode("cp1252"))
    return Truth(
        {
            "Identifiant": "USUBJID",
            "Sexe": "SEX",
            "Âge au diagnostic": "AGE",
            "Taille (cm)": None,
            "Poids (kg)": None,
            "Tabagisme": "SMOKING",
            "OMS": "ECOG",
            "Date de début de traitement": "TRTSDT",
            "Ligne": "LINE",
            "Date progression": "PROGDT",
            "Statut aux dernières nouvelles": "VITAL",
            "Date des dernières nouvelles": "LSTALVDT",
            "Date de décès": "DTHDT",
            "Remarques": None,
        },
        courses_of(people),
    )


def spanish_letters(folder, n=36, seed=13):
    """XLSX: H and M are hombre and mujer; a flag of death and one date of death or last visit."""
    rng = random.Random(seed)
    people = patients(n, seed)
    rows = [
        [
            "Nº Historia",
            "Sexo",
            "Edad",
            "Fumador",
            "ECOG PS",
            "Fecha inicio tto",
            "Tratamiento",
            "Mejor respuesta",
            "Éxitus",
            "Fecha éxitus",
            "Fecha última visita",
            "PD-L1 (%)",
            "KRAS G12C",
        ]
    ]
    for k, (pid, sex, age, start, _, death, last) in enumerate(people):
        rows.append(
            [
                pid,
                {"F": "M", "M": "H"}[sex],
                age,
                rng.choice(["sí", "no", "ex"]),
                rng.choice([0, 1, 2]),
                start,
                rng.choice(["pembrolizumab", "QT-IO"]),
                ("RC", "RP", "EE", "PE")[k % 4],
                "sí" if death else "no",
                death,
                last if not death else last - 3 * DAY,
                rng.choice([0, 1, 20, 60, 90]),
                rng.choice(["positivo", "negativo"]),
            ]
        )
    excel(folder / "pulmon.xlsx", {"Hoja1": rows})
    return Truth(
        {
            "Nº Historia": "USUBJID",
            "Sexo": "SEX",
            "Edad": "AGE",
            "Fumador": "SMOKING",
            "ECOG PS": "ECOG",
            "Fecha inicio tto": "TRTSDT",
            "Tratamiento": "DRUG_TYPE",
            "Mejor respuesta": "BOR",
            "Éxitus": "VITAL",
            "Fecha éxitus": "DTHDT",
            "Fecha última visita": "LSTALVDT",
            "PD-L1 (%)": "PDL1",
            "KRAS G12C": "KRAS_G12C",
        },
        courses_of(people),
    )


def korean_hangul(folder, n=40, seed=14):
    """Two CSV in Hangul; the second knows the death, and has lost the leading zeros of its keys."""
    rng = random.Random(seed)
    people = [(f"{k + 7:06d}", *p[1:]) for k, p in enumerate(patients(n, seed))]
    lines = ["등록번호,성별,나이,진단일,치료시작일,병기,조직형,흡연력,최고반응,PD-L1 TPS(%)"]
    deaths = ["등록번호,사망일,사망원인"]
    for k, (pid, sex, age, start, _, death, _last) in enumerate(people):
        lines.append(
            f"{pid},{'여' if sex == 'F' else '남'},{age},{(start - 30 * DAY).strftime('%Y.%m.%d')},{start.strftime('%Y.%m.%d')},"
            f"IV,선암,{rng.choice(['현재', '과거', '없음'])},{('부분관해', '안정병변', '진행병변')[k % 3]},{rng.choice([0, 10, 80])}"
        )
        if death:
            deaths.append(f"{int(pid)},{death.strftime('%Y.%m.%d')},폐암")
    (folder / "환자.csv").write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    (folder / "사망.csv").write_text("\n".join(deaths) + "\n", encoding="utf-8-sig")
    return Truth(
        {
            "등록번호": "USUBJID",
            "성별": "SEX",
            "나이": "AGE",
            "진단일": "DIAGDT",
            "치료시작일": "TRTSDT",
            "병기": "STAGE",
            "조직형": "HIST",
            "흡연력": "SMOKING",
            "최고반응": "BOR",
            "PD-L1 TPS(%)": "PDL1",
        },
        courses_of(people),
        runs=False,
    )


def japanese_wareki(folder, n=30, seed=15):
    """CSV in Shift-JIS: kanji headings, dates by era, an outcome of alive, dead, unknown, and months of survival."""
    people = patients(n, seed)
    era = lambda d: f"R{d.year - 2018}.{d.month}.{d.day}" if d.year > 2019 else f"H{d.year - 1988}.{d.month}.{d.day}"  # noqa: E731
    lines = ["症例番号,性別,年齢,生年月日,治療開始日,薬剤,最良効果,転帰,死亡日,最終確認日,全生存期間（月）,備考"]
    for k, (pid, sex, age, start, _, death, last) in enumerate(people):
        months = ((death or last) - start).days / 30.4375
        born = f"昭和{age % 60 + 1}年{k % 12 + 1}月3日"
        lines.append(
            f"{pid},{'女性' if sex == 'F' else '男性'},{age},{born},{era(start)},ソトラシブ,{('部分奏効', '安定', '進行')[k % 3]},"
            f"{'死亡' if death else '生存'},{era(death) if death else ''},{era(last)},{months:.2f},"
        )
    (folder / "registry.csv").write_bytes(("\r\n".join(lines) + "\r\n").encode("cp932"))
    return Truth(
        {
            "症例番号": "USUBJID",
            "性別": "SEX",
            "年齢": "AGE",
            "生年月日": None,
            "治療開始日": None,
            "薬剤": "DRUG_TYPE",
            "最良効果": "BOR",
            "転帰": "VITAL",
            "死亡日": None,
            "最終確認日": None,
            "全生存期間（月）": "OS_TIME",
        },
        courses_of(people, shift=0),
    )


def dutch_texts(folder, n=32, seed=16):
    """Dutch words, survival as text with units, years alone, dates that may be either order."""
    rng = random.Random(seed)
    people = patients(n, seed)
    lines = ["Patiëntnummer;Geslacht;Leeftijd;Jaar van diagnose;Startdatum behandeling;Overleden;Overleving;Opmerking"]
    for pid, sex, age, start, _, death, last in people:
        days = ((death or last) - start).days
        when = start.replace(day=min(start.day, 12))
        survival = f"{days // 365} jaar {days % 365 // 30} mnd" if days > 365 else f"{days // 30} mnd"
        lines.append(
            f"{pid};{'v' if sex == 'F' else 'm'};{age};{start.year};{when.strftime('%d-%m-%Y')};{'ja' if death else 'nee'};"
            f"{survival};{rng.choice(['', 'geen'])}"
        )
    (folder / "longkanker.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Truth(
        {
            "Patiëntnummer": "USUBJID",
            "Geslacht": "SEX",
            "Leeftijd": "AGE",
            "Jaar van diagnose": None,
            "Startdatum behandeling": None,
            "Overleden": "VITAL",
            "Overleving": None,
            "Opmerking": None,
        },
        runs=False,
    )


def english_ages(folder, n=34, seed=17):
    """Ages at every event, the year of death alone, a serial number of a spreadsheet as text, duplicate headings."""
    rng = random.Random(seed)
    people = patients(n, seed)
    rows = [
        [
            "Record ID",
            "Gender",
            "Age at diagnosis",
            "Age at death",
            "Age at last contact",
            "Year of death",
            "Date of first dose",
            "Notes",
            "Notes",
            "Vital status",
            "Weight",
            "Stage",
            "Date of last follow-up",
            None,
            "Response",
        ]
    ]
    for k, (pid, sex, age, start, _, death, last) in enumerate(people):
        serial = (start - dt.date(1899, 12, 30)).days
        end = (last - dt.date(1899, 12, 30)).days
        rows.append(
            [
                int(pid[1:]) + 100,
                {"F": "Female", "M": "Male"}[sex],
                age,
                death and age + 2,
                age + 2,
                death and death.year,
                serial,
                "a",
                "b",
                "Deceased" if death else "Alive",
                60 + k,
                rng.choice(["III", "IV"]),
                end,
                None,
                ("PR", "SD", "PD")[k % 3],
            ]
        )
    excel(
        folder / "cohort.xlsx",
        {
            "Sheet1": rows,
            "Sheet2": [["x"]],
            "Pivot": [["Row Labels", "Count of Record ID"], ["III", 12], ["IV", 22], ["Grand Total", 34]],
        },
    )
    return Truth(
        {
            "Record ID": "USUBJID",
            "Gender": "SEX",
            "Age at diagnosis": "AGE",
            "Age at death": None,
            "Age at last contact": None,
            "Year of death": None,
            "Date of first dose": "TRTSDT",
            "Vital status": "VITAL",
            "Stage": "STAGE",
            "Date of last follow-up": "LSTALVDT",
            "Response": "BOR",
            "Weight": None,
        },
        [(str(int(p) + 100), d, e) for p, d, e in ((c[0][1:], c[1], c[2]) for c in courses_of(people))],
    )


def italian_lines(folder, n=30, seed=18):
    """One row a line of therapy, in Italian; the death stands in the row of the last line alone."""
    rng = random.Random(seed)
    people = patients(n, seed)
    rows = [
        [
            "ID paziente",
            "Sesso",
            "Età",
            "Linea",
            "Farmaco",
            "Data inizio",
            "Data fine",
            "Risposta",
            "Data decesso",
            "Data ultimo follow-up",
        ]
    ]
    for pid, sex, age, start, _, death, last in people:
        lines = rng.choice([1, 2, 3])
        for line in range(1, lines + 1):
            end = line == lines
            rows.append(
                [
                    pid,
                    {"F": "femmina", "M": "maschio"}[sex],
                    age,
                    line,
                    rng.choice(["chemio", "immuno"]),
                    (start + (line - 1) * 10 * DAY),
                    None,
                    rng.choice(["RP", "SD", "PD"]),
                    death if end else None,
                    last,
                ]
            )
    excel(folder / "linee.xlsx", {"Foglio1": rows})
    return Truth(
        {
            "ID paziente": "USUBJID",
            "Sesso": "SEX",
            "Età": "AGE",
            "Linea": "LINE",
            "Farmaco": "DRUG_TYPE",
            "Data inizio": "TRTSDT",
            "Data fine": None,
            "Risposta": "BOR",
            "Data decesso": "DTHDT",
            "Data ultimo follow-up": "LSTALVDT",
        },
        courses_of(people),
        runs=False,
    )


def english_follow_up(folder, n=38, seed=19):
    """Patients, and contacts a row each with the status then; ids of the contacts overlap in part."""
    rng = random.Random(seed)
    people = patients(n, seed)
    head = "patient_id,sex,age_at_start,ecog,treatment_start,last_visit,best_response"
    lines, contacts = [head], ["patient_id,contact_date,status"]
    for k, (pid, sex, age, start, _, death, last) in enumerate(people):
        seen = start + (last - start) // 2
        lines.append(f"{pid},{sex},{age},{rng.randrange(3)},{start},{seen},{('PR', 'SD', 'PD')[k % 3]}")
        contacts.append(f"{pid},{seen},alive")
        if k % 10:
            contacts.append(f"{pid},{last},{'dead' if death else 'alive'}")
    contacts += [f"X{k:03d},2021-01-0{k + 1},alive" for k in range(5)]
    (folder / "patients.csv").write_text("\n".join(lines) + "\n")
    (folder / "followup.csv").write_text("\n".join(contacts) + "\n")
    return Truth(
        {
            "patient_id": "USUBJID",
            "sex": "SEX",
            "age_at_start": "AGE",
            "ecog": "ECOG",
            "treatment_start": "TRTSDT",
            "last_visit": "LSTALVDT",
            "best_response": "BOR",
        },
        courses_of(people),
        runs=False,
    )


def portuguese_lesions(folder, n=16, seed=20):
    """Portuguese: patients, a row a lesion and scan, decimal commas, millimetres in the heading."""
    people = patients(n, seed)
    rows = [["Nº do paciente", "Sexo", "Idade", "Data de início", "Óbito", "Data do óbito", "Último contato"]]
    lesions = [["Nº do paciente", "Lesão", "Tipo", "Local", "Data do exame", "Maior diâmetro (mm)"]]
    for k, (pid, sex, age, start, _, death, last) in enumerate(people):
        rows.append([pid, {"F": "feminino", "M": "masculino"}[sex], age, start, "sim" if death else "não", death, last])
        for visit, when in (
            (1.0, start),
            ((0.5, 1.0)[k % 2], start + 60 * DAY),
            ((0.5, 1.0)[k % 2], start + 100 * DAY),
        ):
            lesions += [
                [pid, f"L{j}", "alvo", ("pulmão", "fígado")[j], when, f"{(30 + 10 * j) * visit:.1f}".replace(".", ",")]
                for j in (0, 1)
            ]
    excel(folder / "dados.xlsx", {"Pacientes": rows, "Lesões": lesions})
    return Truth(
        {
            "Nº do paciente": "USUBJID",
            "Sexo": "SEX",
            "Idade": "AGE",
            "Data de início": "TRTSDT",
            "Óbito": "VITAL",
            "Data do óbito": "DTHDT",
            "Último contato": "LSTALVDT",
            "Lesão": "LESION",
            "Tipo": "GROUP",
            "Local": "LOCATION",
            "Data do exame": "ASSDT",
            "Maior diâmetro (mm)": "SIZE",
        },
        courses_of(people),
    )


WARDS = (
    german_two_rows,
    french_status,
    spanish_letters,
    korean_hangul,
    japanese_wareki,
    dutch_texts,
    english_ages,
    italian_lines,
    english_follow_up,
    portuguese_lesions,
)
