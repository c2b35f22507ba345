{{ config(materialized='increment', unique_key=['user_id', 'date', 'reason_start', 'shuffle', 'context'], scope=[
    {'keys': ['user_id', 'date'], 'of': 'int_plays_reconciled', 'named': ['user_id', 'cast(local_started_at as date)']},
]) }}
with

plays as (

    select
        user_id,
        cast(local_started_at as date) as date,
        case when reason_start = 'click-row' then 'clickrow' else coalesce(reason_start, 'unknown') end as reason_start,
        case when shuffle then 'on' when not shuffle then 'off' else 'unknown' end as shuffle,
        context_uri,
        is_skipped
    from {{ ref('int_plays_reconciled') }}
    where {{ is_music() }} and is_skipped is not null
        and {{ on_changed_day() }}

),

named as (

    select plays.*, coalesce({{ context_channel('plays.context_uri', 'own') }}, 'unknown') as context
    from plays
    left join {{ ref('spotify_playlists') }} as own on own.prefix = {{ playlist_prefix('plays.context_uri') }}

),

counted as (

    select
        user_id,
        date,
        reason_start,
        shuffle,
        context,
        count(*) as judged_plays,
        count(case when is_skipped then 1 end) as skips
    from named
    group by 1, 2, 3, 4, 5

)

select * from counted
