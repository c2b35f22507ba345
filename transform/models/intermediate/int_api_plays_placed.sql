{{ config(materialized='increment', unique_key=['play_id'], scope=[{'month_of': 'reported_at', 'around': 3}]) }}
-- Which plays stand alone changes up to three months around what was touched (see int_play_matches). Before a play lies at most
-- a day that matters, a month further; what was heard there was reported up to a month after.
{% set a_day_ms = 24 * 3600 * 1000 -%}
with

-- Spotify lists what was played for half a minute: where it leaves the length out, that much is known.
alone as (

    select
        api_play_id as play_id,
        user_id,
        played_at,
        least(coalesce(duration_ms, 30000), {{ a_day_ms }}) as duration_ms,
        account_play_id,
        account_ms_played,
        matched_by
    from {{ ref('int_play_matches') }}
    where archive_play_id is null and {{ in_touched_month('played_at', around=4) }}

),

days as (

    select user_id, cast(played_at as date) as date from alone
    union
    select user_id, cast({{ dbt.dateadd('day', -1, 'played_at') }} as date) from alone

),

told as (

    select
        history.play_id,
        history.source,
        history.user_id,
        coalesce(placed.ended_at, history.reported_at) as ended_at,
        coalesce(placed.is_covered, false) as is_covered
    from {{ ref('stg_spotify__listening_history') }} as history
    left join {{ ref('int_plays_placed') }} as placed
        on placed.play_id = history.play_id
        and placed.source = history.source
        and placed.reported_at = history.reported_at
    where (history.source = 'archive' or history.source = 'account' and placed.play_id is not null)
        and {{ in_touched_month('history.reported_at', around=4, user_id='history.user_id') }}
        and history.reported_at >= (select {{ or_never(dbt.dateadd('day', -2, 'min(played_at)')) }} from alone)
        and history.reported_at <= (select {{ dbt.dateadd('month', 2, 'max(played_at)') }} from alone)

),

-- What else was heard on these days.
heard as (

    select user_id, ended_at
    from told
    where not is_covered
        and (user_id, cast(ended_at as date)) in (select user_id, date from days)
        and not (source = 'account' and play_id in (select account_play_id from alone where account_play_id is not null))

),

ends as (

    select user_id, ended_at from heard
    union
    select user_id, played_at from alone

),

silences as (

    select
        user_id,
        ended_at,
        lag(ended_at) over (partition by user_id order by ended_at) as quiet_since
    from ends

),

-- A play was over when the list says so, and lasted as long as its track, or since the play before it.
estimated as (

    select
        alone.play_id,
        alone.user_id,
        alone.played_at as reported_at,
        alone.played_at as ended_at,
        coalesce(
            alone.account_ms_played,
            least(alone.duration_ms, coalesce({{ dbt.datediff('silences.quiet_since', 'alone.played_at', 'millisecond') }}, alone.duration_ms))
        ) as ms_played,
        case when alone.account_play_id is null then 'estimated' else 'reported' end as ms_played_source,
        case when alone.account_play_id is null then 'api' else 'account+api' end as sources,
        alone.matched_by
    from alone
    inner join silences on silences.user_id = alone.user_id and silences.ended_at = alone.played_at
    where {{ in_touched_month('alone.played_at', around=3, user_id='alone.user_id') }}

)

select * from estimated
