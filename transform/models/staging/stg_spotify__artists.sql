{% set key = artist_key('artist_name') -%}
{{ config(materialized='increment', unique_key=['artist_key'], scope=[
    {'keys': ['artist_key'], 'of': 'stg_spotify__tracks'},
    {'keys': ['artist_key'], 'loaded': 'artists', 'named': [artist_key('artist_name')]},
]) }}
with

played as (

    select artist_key, artist_name, max(last_seen_at) as seen_at
    from {{ ref('stg_spotify__tracks') }}
    where artist_key is not null
        and ({{ has_changed(['artist_key'], 'stg_spotify__tracks') }} or {{ has_arrived(['artist_key'], 'artists', [key]) }})
    group by 1, 2

),

observed as (

    select {{ key }} as artist_key, artist_name, max(fetched_at) as seen_at
    from {{ source('lake', 'artists') }}
    where artist_name is not null
        and ({{ has_changed([key], 'stg_spotify__tracks', ['artist_key']) }} or {{ has_arrived([key], 'artists') }})
    group by 1, 2

),

ids as (

    select
        {{ key }} as artist_key,
        max(artist_id) as artist_id,
        count(distinct artist_id) as ids
    from {{ source('lake', 'artists') }}
    where artist_name is not null
        and ({{ has_changed([key], 'stg_spotify__tracks', ['artist_key']) }} or {{ has_arrived([key], 'artists') }})
    group by 1

),

known as (

    select artist_key, artist_name, seen_at, true as is_played from played
    union all
    select artist_key, artist_name, seen_at, false as is_played from observed

),

named as (

    select
        artist_key,
        artist_name,
        max(case when is_played then 1 else 0 end) over (partition by artist_key) = 1 as is_played
    from known
    qualify row_number() over (partition by artist_key order by seen_at desc, artist_name) = 1

),

with_ids as (

    select
        named.artist_key,
        named.artist_name,
        case when ids.ids = 1 then ids.artist_id end as artist_id,
        coalesce(ids.ids, 0) as ids,
        named.artist_name = 'Various Artists' as is_various,
        named.is_played
    from named
    left join ids on ids.artist_key = named.artist_key

)

select * from with_ids
