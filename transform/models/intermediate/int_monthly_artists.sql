{{ config(materialized='increment', sort='month', unique_key=['user_id', 'month', 'artist_key'], scope=[
    {'keys': ['user_id', 'month', 'artist_key'], 'of': 'int_monthly_tracks'},
]) }}
with

tracks as (

    select * from {{ ref('int_monthly_tracks') }}
    where {{ has_changed(['user_id', 'month', 'artist_key'], 'int_monthly_tracks', at=['month', 'month']) }}

),

months as (

    select
        user_id,
        month,
        artist_key,
        artist_key not in ('none', {{ artist_key("'Various Artists'") }}) as is_artist,
        cast(sum(plays) as bigint) as plays,
        cast(sum(counted_plays) as bigint) as counted_plays,
        cast(sum(ms_played) as bigint) as ms_played,
        cast(sum(counted_ms) as bigint) as counted_ms
    from tracks
    group by 1, 2, 3, 4

)

select * from months
