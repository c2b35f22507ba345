{{ config(materialized='increment', unique_key=['play_id'], scope=[{'day_of': 'reported_at', 'around': 1}]) }}
-- Whether a play was late is told by the plays next to it, a day away at most: so what a load changes lies within a day of it.
{% set in_order = 'partition by user_id, reported_month order by reported_at' -%}
with

history as (

    select
        play_id,
        user_id,
        reported_at,
        ms_played,
        offline_at,
        {{ first_of('month', 'reported_at') }} as reported_month
    from {{ ref('stg_spotify__listening_history') }}
    where source = 'archive' and {{ on_touched_day('reported_at', around=2) }}

),

-- Spotify reports the end of a play, but a device that was offline reports when it is back. If the device noted a start that
-- can be believed, that is when it was,
noted as (

    select
        *,
        coalesce(
            offline_at >= {{ dbt.dateadd('day', -30, 'reported_at') }}
            and offline_at >= {{ dbt.dateadd('month', -1, 'reported_month') }}
            and offline_at <= {{ plus_ms('reported_at', '-ms_played - 60000') }},
            false
        ) as is_noted
    from history

),

-- of rows that share their second with others, or would have begun before the play before them was over. (All plays go through
-- the window, so each takes along only what is needed there.)
compared as (

    select
        user_id,
        reported_at,
        ms_played,
        noted_play_id as play_id,
        noted_at,
        reported_at = lag(reported_at) over ({{ in_order }})
            or reported_at = lead(reported_at) over ({{ in_order }})
            or {{ plus_ms('reported_at', '-least(ms_played, 24 * 3600 * 1000)') }} < lag(reported_at) over ({{ in_order }}) as is_late
    from (
        select
            user_id,
            reported_month,
            reported_at,
            ms_played,
            case when is_noted then play_id end as noted_play_id,
            case when is_noted then offline_at end as noted_at
        from noted
    ) as plays

),

late as (

    select
        play_id,
        user_id,
        reported_at,
        ms_played,
        noted_at,
        {{ first_of('month', 'noted_at') }} as queue_month
    from compared
    where play_id is not null and is_late
        and {{ on_touched_day('reported_at', around=1) }}

)

select * from late
