{% set artist = artist_key('artist_name') -%}
{{ config(materialized='increment', unique_key=['artist_key', 'genre'], scope=[
    {'keys': ['artist_key'], 'loaded': 'artist_genres', 'named': [artist_key('artist_name')]},
    {'keys': ['artist_key'], 'loaded': 'artists', 'named': [artist_key('artist_name')]},
]) }}
{%- set is_new -%}
    artist_name is not null and ({{ has_arrived([artist], 'artist_genres') }} or {{ has_arrived([artist], 'artists') }})
{%- endset %}
with

looked_up as (

    select
        artist_name,
        artist_id,
        source,
        genre,
        votes,
        evidence,
        fetched_at
    from {{ source('lake', 'artist_genres') }}
    where genre is not null and {{ is_new }}

    union all

    -- Spotify's own genres come with the artist, and nobody weighs them.
    select
        artists.artist_name,
        artists.artist_id,
        'spotify' as source,
        cast(told.value as varchar) as genre,
        cast(null as bigint) as votes,
        'spotify id' as evidence,
        artists.fetched_at
    from {{ source('lake', 'artists') }} as artists, {{ list_items('artists.genres') }} as told
    where {{ is_new }}

),

-- One source for an artist, and of it the newest look-up that told anything. A name that two ids share keeps the smaller id.
best as (

    select {{ artist }} as artist_key, *
    from looked_up
    qualify dense_rank() over (
        partition by {{ artist }}
        order by
            case source when 'spotify' then 1 when 'musicbrainz' then 2 when 'lastfm' then 3 else 4 end,
            fetched_at desc,
            coalesce(artist_id, ''),
            coalesce(evidence, ''),
            artist_name
    ) = 1

),

-- Sources spell one genre in several ways.
genres as (

    select
        artist_key,
        artist_name,
        lower(trim(genre)) as genre,
        source,
        evidence,
        fetched_at,
        sum(case when votes > 0 then votes else 0 end) as votes
    from best
    where trim(genre) <> ''
    group by 1, 2, 3, 4, 5, 6

),

-- Where anybody votes, a genre without votes is none of the artist's; where nobody does, all count the same.
weighed as (

    select
        artist_key,
        artist_name,
        genre,
        case
            when sum(votes) over (partition by artist_key) > 0
                then cast(votes as double) / cast(sum(votes) over (partition by artist_key) as double)
            else cast(1 as double) / cast(count(*) over (partition by artist_key) as double)
        end as weight,
        source,
        evidence,
        fetched_at
    from genres

)

select * from weighed
where weight > 0
