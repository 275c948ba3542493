"""The limit of `reevaluate`: the same facts to a bare UPDATE of the cards, written by hand.

Everything is spelled out for the two kinds of card there are and for what the made-up facts hold.
No history, no public answer, no news and no questions come of it.
"""

ALWAYS, NEVER = "'{(,)}'::datemultirange", "'{}'::datemultirange"
JUDGED = f"""
WITH cases AS (
    SELECT c.id, c.orgnr, coalesce(p.same_as_id, p.id) AS person, c.kind_id = 'renhold' AS cleaner,
           c.valid_on, c.unmet
    FROM cards_card c JOIN registers_person p ON p.id = c.person_id
    WHERE c.state IN ('issued', 'produced', 'lost') AND c.expires_on >= %(on)s WHICH
), held AS MATERIALIZED (
    SELECT DISTINCT s.orgnr, s.person, r.code
    FROM cases s JOIN registers_person p ON p.id = s.person
    JOIN registers_role r ON r.orgnr = s.orgnr AND r.birth_date = p.birth_date
        AND lower(r.surname) = lower(p.surname)
        AND split_part(lower(r.given_names), ' ', 1) = split_part(lower(p.given_names), ' ', 1)
), leads AS MATERIALIZED (
    SELECT h.orgnr, h.person, bool_or(h.code IN ('INNH', 'DTPR', 'DTSO')) AS owns,
        bool_or(h.code = 'LEDE' OR (h.code = 'INNH' AND c.form = 'ENK')
            OR (h.code IN ('DTPR', 'DTSO') AND c.form IN ('DA', 'ANS'))) AS needs_no_work
    FROM held h JOIN registers_company c ON c.orgnr = h.orgnr GROUP BY h.orgnr, h.person
), exempt AS MATERIALIZED (
    SELECT e.orgnr, e.person_id AS person, e.requirement,
           range_agg(daterange(e.from_on, e.to_on, '[]')) AS days
    FROM exemptions_exemption e WHERE e.ended_at IS NULL GROUP BY 1, 2, 3
), companies AS MATERIALIZED (
    SELECT o.orgnr, c.form, l.answered_at IS NOT NULL AND c.orgnr IS NOT NULL AS known,
           roles.answered_at IS NOT NULL AS roles_known,
           CASE WHEN c.bankrupt AND c.deleted_on IS NULL THEN {NEVER}
                ELSE datemultirange(daterange(NULL, c.deleted_on)) END AS there,
           CASE WHEN c.vat_registered OR c.sector_code IN ('1110', '6100', '6500')
                    OR (c.sector_code = '7000' AND (starts_with(c.industries ->> 0, '85.32')
                        OR starts_with(c.industries ->> 0, '85.6')
                        OR starts_with(c.industries ->> 0, '94.')))
                    OR (c.sector_code IN ('2100', '2300', '2500', '7000', '8200', '8300')
                        AND (starts_with(c.industries ->> 0, '68.1')
                            OR starts_with(c.industries ->> 0, '68.2'))) THEN {ALWAYS}
                ELSE coalesce(x.days, {NEVER}) END AS vat,
           c.in_foretaksregisteret
               OR c.form NOT IN ('AS','ASA','ANS','DA','NUF','SA','BA','KS') AS in_f,
           NOT starts_with(coalesce(c.industries ->> 0, ''), '78.2')
               OR coalesce(staffing.status, '') = 'approved' AS staffed,
           coalesce(cleaning.status, '') AS cleaning
    FROM (SELECT DISTINCT orgnr FROM cases) o
    LEFT JOIN registers_company c ON c.orgnr = o.orgnr
    LEFT JOIN registers_lookup l ON l.source = 'enhetsregisteret' AND l.subject = o.orgnr
    LEFT JOIN registers_lookup roles ON roles.source = 'roller' AND roles.subject = o.orgnr
    LEFT JOIN registers_approval cleaning
        ON cleaning.register = 'renholdsregisteret' AND cleaning.orgnr = o.orgnr
    LEFT JOIN registers_approval staffing
        ON staffing.register = 'bemanningsforetaksregisteret' AND staffing.orgnr = o.orgnr
    LEFT JOIN exempt x
        ON x.orgnr = o.orgnr AND x.person IS NULL AND x.requirement = 'vat_registered'
), work AS (
    SELECT s.id, range_agg(daterange(e.starts_on, e.ends_on, '[]')) AS days,
           min(e.starts_on) FILTER (WHERE e.starts_on > %(on)s) AS comes_on
    FROM cases s JOIN registers_employment e ON e.person_id = s.person AND e.main_orgnr = s.orgnr
    GROUP BY s.id
), posted AS (
    SELECT s.id, range_agg(daterange(e.starts_on, e.ends_on, '[]')) AS days,
           min(e.starts_on) FILTER (WHERE e.starts_on > %(on)s) AS comes_on
    FROM cases s JOIN registers_postedwork e ON e.person_id = s.person AND e.main_orgnr = s.orgnr
    GROUP BY s.id
), found AS (
    SELECT s.id, s.valid_on, s.unmet, c.there, c.vat,
        NOT s.cleaner OR c.in_f AS in_f, c.staffed,
        CASE WHEN NOT s.cleaner THEN true
            WHEN c.cleaning <> 'approved_without_employees'
                THEN c.cleaning IN ('approved_with_employees', 'ordering_cards')
            ELSE c.form NOT IN ('ENK', 'DA', 'ANS') OR coalesce(h.owns, false)
            END AS cleans,
        CASE WHEN p.register_status IN ('doed', 'opphoert', 'inaktiv') OR NOT p.number_in_use
                THEN CASE WHEN p.died_on IS NULL THEN {NEVER}
                    ELSE datemultirange(daterange(NULL, p.died_on, '[]')) END
            ELSE datemultirange(daterange(NULL, p.died_on, '[]')) END AS lives,
        CASE WHEN h.needs_no_work THEN {ALWAYS}
            ELSE coalesce(w.days, {NEVER}) + coalesce(o.days, {NEVER})
                + coalesce(x.days, {NEVER}) END AS works,
        coalesce(least(w.comes_on, o.comes_on) <= %(on)s + 30, false) AS works_soon,
        CASE WHEN NOT s.cleaner OR jsonb_exists_any(p.citizenships, %(free)s) THEN {ALWAYS}
            WHEN r.access = 'yes' THEN datemultirange(daterange(r.starts_on, r.ends_on, '[]'))
            ELSE {NEVER} END AS permitted,
        c.known AND lf.answered_at IS NOT NULL AND la.answered_at IS NOT NULL
            AND (w.id IS NOT NULL OR c.roles_known)
            AND (c.form <> 'NUF' OR lo.answered_at IS NOT NULL)
            AND (NOT s.cleaner OR jsonb_exists_any(p.citizenships, %(free)s)
                OR lu.answered_at IS NOT NULL) AS known
    FROM cases s
    JOIN companies c ON c.orgnr = s.orgnr
    JOIN registers_person p ON p.id = s.person
    LEFT JOIN registers_lookup lf ON lf.source = 'folkeregisteret' AND lf.subject = s.person::text
    LEFT JOIN registers_lookup la ON la.source = 'aaregisteret' AND la.subject = s.person::text
    LEFT JOIN registers_lookup lu ON s.cleaner AND lu.source = 'udi' AND lu.subject = s.person::text
    LEFT JOIN registers_lookup lo ON c.form = 'NUF' AND lo.source = 'oar'
        AND lo.subject = s.orgnr || ':' || s.person
    LEFT JOIN work w ON w.id = s.id
    LEFT JOIN posted o ON o.id = s.id
    LEFT JOIN registers_righttowork r ON r.person_id = s.person AND s.cleaner
    LEFT JOIN leads h ON h.orgnr = s.orgnr AND h.person = s.person
    LEFT JOIN exempt x
        ON x.orgnr = s.orgnr AND x.person = s.person AND x.requirement = 'employed'
    OFFSET 0
), judged AS (
    SELECT id, valid_on, unmet,
        CASE WHEN in_f AND staffed AND cleans THEN there * vat * lives * works * permitted
            ELSE {NEVER} END AS days,
        CASE WHEN in_f AND staffed AND cleans AND there @> %(on)s AND vat @> %(on)s
                AND lives @> %(on)s AND (works_soon OR works @> %(on)s) AND permitted @> %(on)s
            THEN '[]'
            ELSE to_jsonb(array_remove(ARRAY[
                CASE WHEN NOT there @> %(on)s THEN 'company_exists' END,
                CASE WHEN NOT vat @> %(on)s THEN 'vat_registered' END,
                CASE WHEN NOT in_f THEN 'in_foretaksregisteret' END,
                CASE WHEN NOT cleans THEN 'cleaning_approved' END,
                CASE WHEN NOT staffed THEN 'staffing_approved' END,
                CASE WHEN NOT lives @> %(on)s THEN 'person_exists' END,
                CASE WHEN NOT (works_soon OR works @> %(on)s) THEN 'employed' END,
                CASE WHEN NOT permitted @> %(on)s THEN 'may_work_in_norway' END], NULL))
        END AS not_met
    FROM found WHERE known
)
UPDATE cards_card c SET valid_on = j.days, unmet = j.not_met, judged_at = now()
FROM judged j WHERE c.id = j.id AND (j.valid_on <> j.days OR j.unmet <> j.not_met)
"""
ALL = JUDGED.replace("WHICH", "")
# With the history: one event for each card that changed.
OF_PEOPLE_WITH_EVENTS = (
    JUDGED.replace("UPDATE cards_card", ", changed AS (UPDATE cards_card").replace(
        "WHICH", "AND c.person_id = ANY(%(people)s)"
    )
    + """RETURNING c.id, c.orgnr, c.valid_on, c.unmet, j.valid_on AS before)
INSERT INTO audit_event
    (name, at, actor_kind, actor_id, channel, subject_type, subject_id, orgnr, data)
SELECT 'card:validity_changed', now(), 'system', '', 'task', 'cards.card', id::text, orgnr,
    jsonb_build_object('before', before @> %(on)s, 'to', valid_on @> %(on)s, 'unmet', unmet)
FROM changed
"""
)
