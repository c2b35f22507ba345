{{ config(materialized='increment', unique_key=['track_key', 'artist_key'], scope=[
    {'keys': ['track_key'], 'of': 'stg_spotify__tracks'},
]) }}
with

tracks as (

    select track_key, artist_names from {{ ref('stg_spotify__tracks') }}
    where artist_names is not null
        and {{ has_changed(['track_key'], 'stg_spotify__tracks') }}

),

told as (

    select distinct
        tracks.track_key,
        {{ artist_key('cast(told.value as varchar)') }} as artist_key
    from tracks, {{ list_items('tracks.artist_names') }} as told
    where cast(told.value as varchar) <> ''

),

shared as (

    select
        track_key,
        artist_key,
        1e0 / count(*) over (partition by track_key) as weight
    from told

)

select * from shared
