{{ config(materialized='increment', unique_key=['artist_key', 'family'], scope=[
    {'keys': ['artist_key'], 'of': 'stg_enrichment__artist_genres'},
]) }}
with

genres as (

    select artist_key, genre, weight from {{ ref('stg_enrichment__artist_genres') }}
    where {{ has_changed(['artist_key'], 'stg_enrichment__artist_genres') }}

),

spelled as (

    select distinct genre, {{ plain_genre('genre') }} as plain from genres

),

-- Of the rules that fit a genre the first says its family.
ruled as (

    select spelled.genre, rules.family
    from spelled
    inner join {{ ref('genre_families') }} as rules on spelled.plain like rules.pattern
    qualify row_number() over (partition by spelled.genre order by rules.rule) = 1

),

families as (

    select
        genres.artist_key,
        coalesce(ruled.family, 'other') as family,
        {{ exact_sum('genres.weight') }} as weight
    from genres
    left join ruled on ruled.genre = genres.genre
    group by 1, 2

)

select * from families
