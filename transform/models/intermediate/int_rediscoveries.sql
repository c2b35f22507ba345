{{ config(materialized='increment', unique_key=['rediscovery_id'], scope=[
    {'keys': ['user_id', 'entity_type', 'entity_key'], 'of': 'int_plays_reconciled', 'named': ['user_id', "'artist'", 'artist_key']},
    {'keys': ['user_id', 'entity_type', 'entity_key'], 'of': 'int_plays_reconciled', 'named': ['user_id', "'recording'", 'recording_key']},
]) }}
-- A silence of a year goes over a New Year: so of each year the first and the last counted play tell all of them.
with

years as (

    {% for entity in ['artist', 'recording'] -%}
    select
        user_id,
        '{{ entity }}' as entity_type,
        {{ entity }}_key as entity_key,
        cast(extract(year from started_at) as integer) as year,
        min(started_at) as first_heard_at,
        min(cast(local_started_at as date)) as first_heard_on,
        max(started_at) as last_heard_at
    from {{ ref('int_plays_reconciled') }}
    where is_counted and {{ is_music() }}
        and {{ entity }}_key is not null
        {%- if entity == 'artist' %}
        and artist_key <> {{ artist_key("'Various Artists'") }}
        {%- endif %}
        and {{ has_changed(['user_id', entity ~ '_key'], 'int_plays_reconciled') }}
    group by 1, 2, 3, 4
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

silences as (

    select *, lag(last_heard_at) over (partition by user_id, entity_type, entity_key order by year) as silent_since
    from years

),

returns as (

    select
        md5(user_id || '|' || entity_type || '|' || entity_key || '|' || cast(first_heard_at as varchar)) as rediscovery_id,
        user_id,
        entity_type,
        entity_key,
        silent_since,
        first_heard_at as rediscovered_at,
        first_heard_on as rediscovered_on
    from silences
    where first_heard_at >= {{ dbt.dateadd('year', 1, 'silent_since') }}

)

select * from returns
