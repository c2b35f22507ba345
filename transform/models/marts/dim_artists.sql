{% set key = artist_key('artist_name') -%}
{{ config(materialized='increment', unique_key=['artist_version_key'], scope=[
    {'keys': ['artist_key'], 'of': 'stg_spotify__artists'},
    {'keys': ['artist_key'], 'loaded': 'artists', 'named': [artist_key('artist_name')]},
]) }}
with

-- Two observations of one instant are one; a name that two ids share keeps the smaller id.
observations as (

    select
        {{ key }} as artist_key,
        artist_name,
        artist_id,
        genres,
        popularity,
        followers,
        fetched_at
    from {{ source('lake', 'artists') }}
    where artist_name is not null
        and ({{ has_changed([key], 'stg_spotify__artists', ['artist_key']) }} or {{ has_arrived([key], 'artists') }})
    qualify row_number() over (
        partition by {{ key }}, fetched_at
        order by artist_id, genres, popularity, followers, artist_name
    ) = 1

),

-- Spotify leaves fields out: an absent one means unchanged.
{% set so_far = 'partition by artist_key order by fetched_at rows between unbounded preceding and current row' -%}
filled as (

    select
        artist_key,
        fetched_at,
        {{ last_known('artist_name', so_far) }} as artist_name,
        {{ last_known('artist_id', so_far) }} as artist_id,
        {{ last_known('genres', so_far) }} as genres,
        {{ last_known('popularity', so_far) }} as popularity,
        {{ last_known('followers', so_far) }} as followers
    from observations

),

compared as (

    select
        *,
        {% for field in ['artist_name', 'artist_id', 'genres', 'popularity', 'followers'] -%}
        ({{ field }} is not distinct from lag({{ field }}) over (partition by artist_key order by fetched_at))
        {{- ' and' if not loop.last }}
        {% endfor -%}
        as is_unchanged,
        row_number() over (partition by artist_key order by fetched_at) as nth
    from filled

),

known_from_plays as (

    select artist_key, artist_name
    from {{ ref('stg_spotify__artists') }}
    where artist_key not in (select artist_key from observations)
        and ({{ has_changed(['artist_key'], 'stg_spotify__artists') }} or {{ has_arrived(['artist_key'], 'artists', [key]) }})

),

versions as (

    select
        artist_key,
        artist_name,
        artist_id,
        genres,
        popularity,
        followers,
        case when nth = 1 then cast('1900-01-01' as timestamp) else fetched_at end as valid_from
    from compared
    where nth = 1 or not is_unchanged

    union all

    select artist_key, artist_name, null, null, null, null, cast('1900-01-01' as timestamp)
    from known_from_plays

),

chained as (

    select
        md5(artist_key || '|' || cast(valid_from as varchar)) as artist_version_key,
        artist_key,
        artist_name,
        artist_id,
        genres,
        popularity,
        followers,
        valid_from,
        lead(valid_from) over (partition by artist_key order by valid_from) as valid_to,
        lead(valid_from) over (partition by artist_key order by valid_from) is null as is_current,
        row_number() over (partition by artist_key order by valid_from) as version
    from versions

)

select * from chained
