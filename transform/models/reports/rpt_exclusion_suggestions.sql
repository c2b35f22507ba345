-- Only suggestions: a rainy song may be a song. Each says what speaks for it, and the listener decides.
with

-- Half an hour in all is worth no question.
entities as (

    select user_id, entity_type as kind, entity_key, plays, ms_played
    from {{ ref('int_first_listens') }}
    where ms_played >= 1800000

),

nights as (

    {% for kind in ['artist', 'recording'] -%}
    select user_id, '{{ kind }}' as kind, {{ kind }}_key as entity_key, cast(sum(ms_played) as bigint) as night_ms
    from {{ ref('int_night_runs') }}
    where {{ kind }}_key is not null
    group by 1, 2, 3
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

names as (

    select 'artist' as kind, artist_key as entity_key, artist_name as name, artist_name
    from {{ ref('stg_spotify__artists') }}
    where artist_key in (select entity_key from entities where kind = 'artist')
    union all
    select 'recording', recording_key, track_name, artist_name
    from {{ ref('int_recordings') }}
    where recording_key in (select entity_key from entities where kind = 'recording')

),

{# What is no letter or digit parts words; an apostrophe does not. -#}
worded as (

    select
        entities.*,
        names.name,
        names.artist_name,
        ' ' || {{ replace_all(normalised('names.name'), '[][ (){}.,:;!?/|&+~_-]+', ' ') }} || ' ' as words
    from entities
    inner join names on names.kind = entities.kind and names.entity_key = entities.entity_key

),

named as (

    select worded.user_id, worded.kind, worded.entity_key, min(noise.words) as matched_words, min(noise.what) as what
    from worded
    inner join {{ ref('noise_words') }} as noise on position(' ' || noise.words || ' ' in worded.words) > 0
    group by 1, 2, 3

),

judged as (

    select
        worded.user_id,
        worded.kind,
        worded.entity_key,
        worded.name,
        worded.artist_name,
        worded.plays,
        worded.ms_played / 3600000.0 as hours,
        coalesce(nights.night_ms, 0) / 3600000.0 as night_hours,
        cast(coalesce(nights.night_ms, 0) as double) / worded.ms_played as night_share,
        named.matched_words,
        named.what
    from worded
    left join nights
        on nights.user_id = worded.user_id and nights.kind = worded.kind and nights.entity_key = worded.entity_key
    left join named
        on named.user_id = worded.user_id and named.kind = worded.kind and named.entity_key = worded.entity_key
    where named.matched_words is not null or nights.night_ms >= 0.5 * worded.ms_played

),

-- Of an artist whom all of it speaks against their titles need no mention.
told as (

    select
        judged.*,
        case when matched_words is not null then 'called “' || matched_words || '”' end as called,
        case when night_share >= 0.5
            then cast(cast(round(100 * night_share) as integer) as varchar) || ' % of it ran on untouched through the night' end as slept
    from judged
    where kind = 'artist' or not exists (
        select 1 from judged as artists
        where artists.kind = 'artist' and artists.user_id = judged.user_id and artists.name = judged.artist_name
    )

),

suggestions as (

    select
        md5(user_id || '|' || kind || '|' || entity_key) as suggestion_id,
        user_id,
        case when kind = 'recording' then 'track' else kind end as kind,
        name,
        artist_name,
        entity_key,
        plays,
        hours,
        night_hours,
        what,
        matched_words,
        case when called is not null and slept is not null then called || '; ' || slept else coalesce(called, slept) end as why
    from told

)

select * from suggestions
