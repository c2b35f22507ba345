{{ config(materialized='view') }}
with

listeners as (

    select
        user_id,
        max(reported_at) as covered_until,
        min(started_at) as history_began_at
    from {{ ref('int_plays_reconciled') }}
    group by 1

),

searched as (

    select discovery_id from {{ ref('int_discovery_hints') }} where hint = 'search'

),

added as (

    select discovery_id from {{ ref('int_discovery_hints') }} where hint = 'playlist'

),

returns as (

    select user_id, entity_type, entity_key, count(*) as rediscoveries, max(rediscovered_at) as last_rediscovered_at
    from {{ ref('int_rediscoveries') }}
    group by 1, 2, 3

),

-- The evidence that stands first decides: where Spotify says it was played from, what the listener had touched in a search within
-- the half hour before, what they had put on a playlist within the month before, and last what else was played around it.
{% set evidences = [
    ('context', 'evidence.context_channel is not null', 'evidence.context_channel'),
    ('search', 'searched.discovery_id is not null', "'search'"),
    ('playlist', 'added.discovery_id is not null', "'playlist'"),
    ('session', 'evidence.session_channel is not null', 'evidence.session_channel'),
] -%}
judged as (

    select
        firsts.discovery_id,
        firsts.user_id,
        firsts.entity_type,
        firsts.entity_key,
        firsts.first_seen_at,
        firsts.first_heard_at,
        firsts.first_heard_on,
        firsts.first_heard_at < {{ dbt.dateadd('day', 90, 'listeners.history_began_at') }} as is_within_first_90_days,
        case
            when firsts.first_heard_at is null then null
            {%- for _, holds, channel in evidences %}
            when {{ holds }} then {{ channel }}
            {%- endfor %}
            else 'unknown'
        end as channel,
        case
            when firsts.first_heard_at is null then null
            {%- for name, holds, _ in evidences %}
            when {{ holds }} then '{{ name }}'
            {%- endfor %}
            else 'none'
        end as channel_evidence,
        evidence.is_picked,
        firsts.counted_plays
        {%- for days in [30, 90, 365] %},
        case
            when {{ dbt.dateadd('day', days, 'firsts.first_heard_at') }} <= listeners.covered_until
                then firsts.has_stuck_{{ days }}
        end as stuck_{{ days }}
        {%- endfor %},
        coalesce(returns.rediscoveries, 0) as rediscoveries,
        returns.last_rediscovered_at
    from {{ ref('int_first_listens') }} as firsts
    inner join listeners on listeners.user_id = firsts.user_id
    left join {{ ref('int_discovery_evidence') }} as evidence on evidence.discovery_id = firsts.discovery_id
    left join searched on searched.discovery_id = firsts.discovery_id
    left join added on added.discovery_id = firsts.discovery_id
    left join returns
        on returns.user_id = firsts.user_id
        and returns.entity_type = firsts.entity_type
        and returns.entity_key = firsts.entity_key

)

select * from judged
