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
        firsts.counted_plays
        {%- for days in [30, 90, 365] %},
        case
            when {{ dbt.dateadd('day', days, 'firsts.first_heard_at') }} <= listeners.covered_until
                then firsts.has_stuck_{{ days }}
        end as stuck_{{ days }}
        {%- endfor %}
    from {{ ref('int_first_listens') }} as firsts
    inner join listeners on listeners.user_id = firsts.user_id

)

select * from judged
