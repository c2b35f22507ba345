{%- set month, track, artist = first_of('month', 'local_started_at'), "coalesce(track_key, 'none')", "coalesce(artist_key, 'none')" -%}
{{ config(materialized='increment', sort='month', unique_key=['user_id', 'month', 'track_key', 'artist_key'], scope=[
    {'keys': ['user_id', 'month', 'track_key', 'artist_key'], 'of': 'int_plays_reconciled', 'named': ['user_id', month, track, artist],
     'at': ['month', month]},
]) }}
with

plays as (

    select
        user_id,
        {{ month }} as month,
        {{ track }} as track_key,
        {{ artist }} as artist_key,
        ms_played,
        is_counted
    from {{ ref('int_plays_reconciled') }}
    where {{ is_music() }}
        and {{ in_changed('month') }}
        and {{ has_changed(['user_id', month, track, artist], 'int_plays_reconciled') }}

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
