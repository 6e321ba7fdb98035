"""Registries that came last: a list of tumour boards, an export of a database, REDCap with checkboxes, lesions and serials."""

import datetime as dt
import random

from registries import DAY, patients
from several_wards import fm, text
from wards import Truth, courses_of, excel


def german_board(folder, n=36, seed=71):
    """XLSX: two title lines, one row a presentation at the board, all facts of the patient in each; a legend; late entry."""
    rng = random.Random(seed)
    people = patients(n, seed)
    head = [
        "lfd. Nr.",
        "Pat.-ID",
        "Geschl.",
        "Geb.-Dat.",
        "Vorstellung am",
        "Empfehlung",
        "ED-Datum",
        "UICC",
        "PD-L1 TPS [%]",
        "KRAS",
        "Therapiebeginn",
        "Therapie",
        "Bestes Ansprechen",
        "PD-Datum",
        "Sterbedatum",
        "Letzter Kontakt",
        "Einschluss Register",
    ]
    rows = [["Interdisziplinäres Tumorboard Thorax"], ["Auszug vom 15.01.2023, nicht zur Weitergabe"], [], head]
    serial = 0
    for k, (pid, sex, age, start, progress, death, last) in enumerate(people):
        facts = [
            start - 25 * DAY,
            ("IIIB", "IVA", "IVB")[k % 3],
            rng.choice([0, 1, 5, 40, 60, 90]),
            ("mutiert", "Wildtyp", "n. d.")[k % 3],
            start,
            rng.choice(["Sotorasib", "Pembrolizumab", "Docetaxel"]),
            ("PR", "SD", "PD", "n.b.")[k % 4],
            progress,
            death,
            last,
            start + rng.randrange(5, 38) * DAY,
        ]
        for visit in range(1 + k % 3):
            serial += 1
            said = rng.choice(["Systemtherapie", "Re-Biopsie", "Strahlentherapie"])
            born = start - 365 * age * DAY
            sex_ = {"F": "w", "M": "m"}[sex]
            rows.append([serial, f"TB{pid}", sex_, born, start + (90 * visit - 10) * DAY, said, *facts])
    legend = [["Kürzel", "Bedeutung"], ["n. d.", "nicht durchgeführt"], ["n.b.", "nicht beurteilbar"]]
    excel(folder / "tumorboard.xlsx", {"Liste": rows, "Legende": legend})
    roles = (
        None,
        "USUBJID",
        "SEX",
        "BRTHDT",
        None,
        None,
        "DIAGDT",
        "STAGE",
        "PDL1",
        "KRASMUT",
        "TRTSDT",
        "DRUG_TYPE",
        "BOR",
        "PROGDT",
        "DTHDT",
        "LSTALVDT",
        None,
    )
    truth = Truth(dict(zip(head, roles, strict=True)), courses_of(people))
    truth.orr = (sum(k % 4 == 0 for k in range(n)), n)
    truth.entry = "Einschluss Register"
    return truth


def italian_tables(folder, n=34, seed=72):
    """Two tables of a database, semicolons: patients with exact duplicates, and one row a line of therapy."""
    rng = random.Random(seed)
    people = patients(n, seed)
    d = "%d/%m/%Y"
    top = ["id_paziente", "sesso", "data_nascita", "data_diagnosi", "stadio", "istologia", "fumo", "stato_vita"]
    top += ["data_decesso", "data_ultimo_followup", "ts_modifica"]
    low = ["id_linea", "id_paziente", "num_linea", "schema", "data_inizio", "data_fine", "miglior_risposta"]
    low += ["data_progressione", "note"]
    a, b = [top], [low]
    for k, (pid, sex, age, start, progress, death, last) in enumerate(people):
        key = int(pid[1:]) + 500
        row = [key, sex, fm(start - 365 * age * DAY, d), fm(start - 30 * DAY, d), ("III", "IV")[k % 2]]
        row += [("adenocarcinoma", "squamoso")[k % 2], ("mai", "ex", "attuale")[k % 3]]
        row += ["deceduto" if death else "vivo", fm(death, d), fm(last, d), f"2023-01-{k % 27 + 1:02d} 10:00:00"]
        a += [row, row] if k % 9 == 0 else [row]
        for line in range(1, 2 + k % 2):
            begin = start if line == 1 else last - 5 * DAY
            b.append(
                [
                    len(b) + 7000,
                    key,
                    line,
                    rng.choice(["pembrolizumab", "carboplatino-pemetrexed"]),
                    fm(begin, d),
                    fm(begin + 3 * DAY, d),
                    ("RP", "MS", "PD", "NV")[k % 4] if line == 1 else "PD",
                    fm(progress, d) if line == 1 else None,
                    None,
                ]
            )
    text(folder / "pazienti.csv", a, ";", "latin-1")
    text(folder / "linee.csv", b, ";", "latin-1")
    truth = Truth(
        {
            "id_paziente": "USUBJID",
            "sesso": "SEX",
            "data_nascita": "BRTHDT",
            "data_diagnosi": "DIAGDT",
            "stadio": "STAGE",
            "istologia": "HIST",
            "fumo": "SMOKING",
            "stato_vita": "VITAL",
            "data_decesso": "DTHDT",
            "data_ultimo_followup": "LSTALVDT",
            "ts_modifica": None,
            "id_linea": None,
            "num_linea": "LINE",
            "schema": "DRUG_TYPE",
            "data_inizio": "TRTSDT",
            "data_fine": "TRTEDT",
            "miglior_risposta": "BOR",
            "data_progressione": "PROGDT",
            "note": None,
        },
        courses_of(people),
    )
    truth.orr = (sum(k % 4 == 0 for k in range(n)), n)
    return truth


def spanish_redcap(folder, n=32, seed=73):
    """REDCap: codes, checkboxes, decimal commas behind semicolons, a data dictionary beside the data."""
    rng = random.Random(seed)
    people = patients(n, seed)
    head = ["record_id", "redcap_data_access_group", "sexo", "f_nac", "f_dx", "f_inicio_tto", "ecog", "tabaco"]
    head += ["mets___1", "mets___2", "mets___3", "kras", "albumina", "mejor_resp", "progresion_sn", "f_prog", "exitus"]
    head += ["f_exitus", "f_ult_contacto", "f_firma_ci", "seguimiento_complete"]
    rows = [head]
    iso = "%Y-%m-%d"
    for k, (_, sex, age, start, progress, death, last) in enumerate(people):
        row = [k + 1, rng.choice(["hosp_norte", "hosp_sur"]), {"M": 1, "F": 2}[sex], fm(start - 365 * age * DAY, iso)]
        row += [fm(start - 33 * DAY, iso), fm(start, iso), k % 3, k % 3, k % 2, (k // 2) % 2, 0, (1, 0, 9)[k % 3]]
        row += [f"{rng.uniform(2.5, 4.8):.1f}".replace(".", ","), k % 4 + 1, int(progress is not None)]
        row += [fm(progress, iso), int(death is not None), fm(death, iso), fm(last, iso)]
        row += [fm(start + rng.randrange(3, 35) * DAY, iso), 2]
        rows.append(row)
    text(folder / "registro_DATA_2023-02-01.csv", rows, ";")
    about = [
        ["Variable / Field Name", "Form Name", "Field Type", "Field Label", "Choices, Calculations, OR Slider Labels"]
    ]
    for name, kind, label, choices in (
        ("record_id", "text", "Número de registro", ""),
        ("sexo", "radio", "Sexo", "1, Hombre | 2, Mujer"),
        ("f_nac", "text", "Fecha de nacimiento", ""),
        ("f_dx", "text", "Fecha del diagnóstico", ""),
        ("f_inicio_tto", "text", "Fecha de inicio del tratamiento", ""),
        ("ecog", "radio", "ECOG basal", "0, 0 | 1, 1 | 2, 2"),
        ("tabaco", "radio", "Hábito tabáquico", "0, Nunca | 1, Exfumador | 2, Fumador activo"),
        ("mets", "checkbox", "Localización de metástasis", "1, Hueso | 2, Hígado | 3, SNC"),
        ("kras", "radio", "KRAS", "0, No mutado | 1, Mutado | 9, No realizado"),
        ("albumina", "text", "Albúmina (g/dL)", ""),
        ("mejor_resp", "radio", "Mejor respuesta", "1, RC | 2, RP | 3, EE | 4, PE"),
        ("progresion_sn", "yesno", "¿Progresión?", "0, No | 1, Sí"),
        ("f_prog", "text", "Fecha de progresión", ""),
        ("exitus", "yesno", "Exitus", "0, No | 1, Sí"),
        ("f_exitus", "text", "Fecha de exitus", ""),
        ("f_ult_contacto", "text", "Fecha de último contacto", ""),
        ("f_firma_ci", "text", "Fecha de firma del consentimiento informado", ""),
    ):
        about.append([name, "seguimiento", kind, label, choices])
    text(folder / "registro_DataDictionary.csv", about)
    roles = ("USUBJID", "SITEID", "SEX", "BRTHDT", "DIAGDT", "TRTSDT", "ECOG", "SMOKING", None, None, None, "KRASMUT")
    roles += ("ALB", "BOR", None, "PROGDT", "VITAL", "DTHDT", "LSTALVDT", None, None)
    truth = Truth(dict(zip(head, roles, strict=True)), courses_of(people))
    truth.orr = (sum(k % 4 in (0, 1) for k in range(n)), n)
    truth.entry = "f_firma_ci"
    return truth


def french_serials(folder, n=30, seed=74):
    """XLSX: dates as serial numbers, patients listed twice by mistake, one of them with two last contacts; a legend."""
    rng = random.Random(seed)
    people = patients(n, seed)
    zero = dt.date(1899, 12, 30)

    def day(date):
        return None if date is None else (date - zero).days

    head = ["N° inclusion", "Centre", "Sexe", "Âge (ans)", "OMS", "Tabac", "Date diag.", "Date consentement", "C1J1"]
    head += ["Molécule", "Statut KRAS", "Meilleure réponse", "Date de progression", "Décès (O/N)", "Date décès"]
    head += ["Date dernières nouvelles", "Commentaires"]
    rows = [["Cohorte MUT-POUMON", *[None] * 16], ["Extraction du 03/02/2023"], [], head]
    for k, (pid, sex, age, start, progress, death, last) in enumerate(people):
        row = [f"{k % 3 + 1:02d}-{pid[1:]}", ("Lyon", "Lille", "Nice")[k % 3], {"F": "F", "M": "H"}[sex], age, k % 3]
        row += [("jamais", "sevré", "actif")[k % 3], day(start - 21 * DAY), day(start + rng.randrange(4, 36) * DAY)]
        row += [day(start), rng.choice(["sotorasib", "adagrasib"]), ("muté", "sauvage")[k % 2]]
        row += [("RP", "SD", "PD", "NE")[k % 4], day(progress), "O" if death else "N", day(death), day(last)]
        row += [rng.choice([None, "vu en HDJ", "perdu de vue ?"])]
        rows.append(row)
        if k in (4, 11):
            rows.append(list(row))
        if k == 20:
            again = list(row)
            again[-1] = "ressaisi"
            rows.append(again)
    lesions = [["N° inclusion", "Date TDM", "Lésion", "Type", "Diamètre (mm)"]]
    for k, (pid, _, _, start, *_rest) in enumerate(people):
        for visit in range(2):
            for no in (1, 2):
                size = 20 + 7 * no - (5 if k % 4 == 0 else 0) * visit
                lesions.append(
                    [f"{k % 3 + 1:02d}-{pid[1:]}", day(start + (42 * visit - 6) * DAY), f"L{no}", "cible", size]
                )
    excel(
        folder / "mutpoumon.xlsx",
        {"Patients": rows, "Mesures": lesions, "Légende": [["Code", "Signification"], ["O", "oui"], ["N", "non"]]},
    )
    roles = ("USUBJID", "SITEID", "SEX", "AGE", "ECOG", "SMOKING", "DIAGDT", None, "TRTSDT", "DRUG_TYPE", "KRASMUT")
    roles += ("BOR", "PROGDT", "VITAL", "DTHDT", "LSTALVDT", None)
    own = {"Date TDM": "ASSDT", "Lésion": "LESION", "Type": "GROUP", "Diamètre (mm)": "SIZE"}
    truth = Truth(dict(zip(head, roles, strict=True)) | own, courses_of(people))
    truth.orr = (sum(k % 4 == 0 for k in range(n)), n)
    truth.entry = "Date consentement"
    return truth


FIRST = (german_board, italian_tables)
HELD = (spanish_redcap, french_serials)
WARDS = (*FIRST, *HELD)
