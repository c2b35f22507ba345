{{ config(materialized='increment', sort='month', unique_key=['user_id', 'month', 'track_key', 'artist_key'], scope=[
    {'keys': ['user_id', 'month'], 'of': 'int_plays_reconciled', 'named': ['user_id', first_of('month', 'local_started_at')]},
]) }}
with

plays as (

    select
        user_id,
        {{ first_of('month', 'local_started_at') }} as month,
        coalesce(track_key, 'none') as track_key,
        coalesce(artist_key, 'none') as artist_key,
        ms_played,
        is_counted
    from {{ ref('int_plays_reconciled') }}
    where {{ is_music() }}
        and {{ in_changed('month') }}

),

months as (

    select
        user_id,
        month,
        track_key,
        artist_key,
        count(*) as plays,
        count(case when is_counted then 1 end) as counted_plays,
        cast(sum(ms_played) as bigint) as ms_played,
        cast(sum(case when is_counted then ms_played else 0 end) as bigint) as counted_ms
    from plays
    group by 1, 2, 3, 4

)

select * from months
