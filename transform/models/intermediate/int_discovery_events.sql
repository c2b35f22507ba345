with

plays as (

    select
        user_id,
        started_at,
        cast(local_started_at as date) as date,
        is_counted,
        recording_key,
        case when artist_name <> 'Various Artists' then artist_key end as artist_key
    from {{ ref('int_plays_reconciled') }}
    where {{ is_music() }}

),

listeners as (

    select
        user_id,
        max(reported_at) as covered_until,
        min(started_at) as history_began_at
    from {{ ref('int_plays_reconciled') }}
    group by 1

),

{% for entity in ['artist', 'recording'] -%}
{{ entity }}_firsts as (

    select
        user_id,
        {{ entity }}_key as entity_key,
        min(started_at) as first_seen_at,
        min(case when is_counted then started_at end) as first_heard_at
    from plays
    where {{ entity }}_key is not null
    group by 1, 2

),

-- Two local days are enough if the last one differs from the first.
{{ entity }}_returns as (

    select
        firsts.user_id,
        firsts.entity_key,
        firsts.first_seen_at,
        firsts.first_heard_at,
        min(plays.date) as first_heard_on,
        count(plays.date) as counted_plays
        {%- for days in [30, 90, 365] %}
        {%- set is_within = "plays.started_at <= " ~ dbt.dateadd('day', days, 'firsts.first_heard_at') %},
        count(case when {{ is_within }} then 1 end) >= 3
            and max(case when {{ is_within }} then plays.date end) > min(plays.date) as has_stuck_{{ days }}
        {%- endfor %}
    from {{ entity }}_firsts as firsts
    left join plays
        on plays.user_id = firsts.user_id
        and plays.{{ entity }}_key = firsts.entity_key
        and plays.is_counted
    group by 1, 2, 3, 4

),

{% endfor -%}
both_kinds as (

    select 'artist' as entity_type, * from artist_returns
    union all
    select 'recording' as entity_type, * from recording_returns

),

judged as (

    select
        md5(both_kinds.user_id || '|' || both_kinds.entity_type || '|' || both_kinds.entity_key) as discovery_id,
        both_kinds.user_id,
        both_kinds.entity_type,
        both_kinds.entity_key,
        both_kinds.first_seen_at,
        both_kinds.first_heard_at,
        both_kinds.first_heard_on,
        both_kinds.first_heard_at < {{ dbt.dateadd('day', 90, 'listeners.history_began_at') }} as is_within_first_90_days,
        both_kinds.counted_plays
        {%- for days in [30, 90, 365] %},
        case
            when {{ dbt.dateadd('day', days, 'both_kinds.first_heard_at') }} <= listeners.covered_until
                then both_kinds.has_stuck_{{ days }}
        end as stuck_{{ days }}
        {%- endfor %}
    from both_kinds
    inner join listeners on listeners.user_id = both_kinds.user_id

)

select * from judged
