{{ config(materialized='increment', unique_key=['discovery_id'], scope=[
    {'keys': ['user_id', 'entity_type', 'entity_key'], 'of': 'int_plays_reconciled', 'named': ['user_id', "'artist'", 'artist_key']},
    {'keys': ['user_id', 'entity_type', 'entity_key'], 'of': 'int_plays_reconciled', 'named': ['user_id', "'recording'", 'recording_key']},
]) }}
with

{% for entity in ['artist', 'recording'] -%}
{{ entity }}_plays as (

    select
        play_id,
        user_id,
        {{ entity }}_key as entity_key,
        started_at,
        ms_played,
        cast(local_started_at as date) as date,
        is_counted,
        is_skipped
    from {{ ref('int_plays_reconciled') }}
    where {{ is_music() }}
        and {{ entity }}_key is not null
        {%- if entity == 'artist' %}
        and artist_key <> {{ artist_key("'Various Artists'") }}
        {%- endif %}
        and {{ has_changed(['user_id', entity ~ '_key'], 'int_plays_reconciled') }}

),

{{ entity }}_firsts as (

    select
        user_id,
        entity_key,
        min(started_at) as first_seen_at,
        min(case when is_counted then started_at end) as first_heard_at
    from {{ entity }}_plays
    group by 1, 2

),

{% endfor -%}
both_kinds as (

    {% for entity in ['artist', 'recording'] -%}
    select
        '{{ entity }}' as entity_type,
        plays.*,
        firsts.first_seen_at,
        firsts.first_heard_at,
        case
            when plays.started_at = firsts.first_seen_at then 0
            when {{ dbt.datediff('firsts.first_seen_at', 'plays.started_at', 'day') }} < 7 then 1
            when {{ dbt.datediff('firsts.first_seen_at', 'plays.started_at', 'day') }} < 30 then 2
            when {{ dbt.datediff('firsts.first_seen_at', 'plays.started_at', 'day') }} < 365 then 3
            else 4
        end as age
    from {{ entity }}_plays as plays
    inner join {{ entity }}_firsts as firsts
        on firsts.user_id = plays.user_id
        and firsts.entity_key = plays.entity_key
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- Two local days are enough if the last one differs from the first.
summed as (

    select
        user_id,
        entity_type,
        entity_key,
        first_seen_at,
        first_heard_at,
        min(case when is_counted and started_at = first_heard_at then play_id end) as first_heard_play_id,
        min(case when is_counted then date end) as first_heard_on,
        count(case when is_counted then 1 end) as counted_plays,
        count(*) as plays,
        cast(sum(ms_played) as bigint) as ms_played
        {%- for days in [30, 90, 365] %}
        {%- set is_within = "is_counted and started_at <= " ~ dbt.dateadd('day', days, 'first_heard_at') %},
        count(case when {{ is_within }} then 1 end) >= 3
            and max(case when {{ is_within }} then date end) > min(case when is_counted then date end) as has_stuck_{{ days }}
        {%- endfor %}
        {%- for age in range(5) %},
        count(case when age = {{ age }} then is_skipped end) as judged_plays_{{ age }},
        count(case when age = {{ age }} and is_skipped then 1 end) as skips_{{ age }}
        {%- endfor %}
    from both_kinds
    group by 1, 2, 3, 4, 5

),

keyed as (

    select
        md5(user_id || '|' || entity_type || '|' || entity_key) as discovery_id,
        *
    from summed

)

select * from keyed
