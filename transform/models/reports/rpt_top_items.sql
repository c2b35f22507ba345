{%- set ranges = {'short_term': 28, 'medium_term': 182, 'long_term': 365} -%}
{%- set places = 50 -%}
with

-- The newest ranking of each kind, and the one before it.
rankings as (

    select
        items.*,
        case
            when items.item_type = 'artist' then {{ artist_key('items.name') }}
            else coalesce(tracks.recording_key, {{ recording_key('items.artist_name', 'items.name') }})
        end as entity_key
    from (
        select *, dense_rank() over (partition by user_id, item_type, time_range order by fetched_at desc) as age
        from {{ ref('stg_spotify__top_items') }}
    ) as items
    left join {{ ref('stg_spotify__tracks') }} as tracks on items.item_type = 'track' and tracks.track_key = items.item_id
    where items.age <= 2

),

before as (

    select user_id, item_type, time_range, item_id, min(rank) as previous_rank
    from rankings
    where age = 2
    group by 1, 2, 3, 4

),

fetches as (

    select
        user_id,
        item_type,
        time_range,
        max(fetched_at) as fetched_at,
        case time_range
            {%- for time_range, days in ranges.items() %}
            when '{{ time_range }}' then {{ dbt.dateadd('day', -days, 'max(fetched_at)') }}
            {%- endfor %}
        end as from_at,
        max(age) = 2 as has_before
    from rankings
    group by 1, 2, 3

),

-- What we count of the same time. Spotify names other spans of it, and counts in its own way.
plays as (

    select user_id, started_at, recording_key, artist_key, track_name, artist_name, ms_played
    from {{ ref('int_plays_reconciled') }}
    where is_counted and {{ is_music() }}
        and reported_at >= (select {{ or_never('min(from_at)') }} from fetches)

),

counted as (

    {% for item_type, key in [('track', 'recording_key'), ('artist', 'artist_key')] -%}
    select
        fetches.user_id,
        fetches.item_type,
        fetches.time_range,
        plays.{{ key }} as entity_key,
        {{ "max(plays.track_name)" if item_type == 'track' else "max(plays.artist_name)" }} as name,
        {{ "max(plays.artist_name)" if item_type == 'track' else "cast(null as varchar)" }} as artist_name,
        count(*) as plays,
        cast(sum(plays.ms_played) as bigint) as ms_played
    from fetches
    inner join plays on plays.user_id = fetches.user_id and plays.started_at between fetches.from_at and fetches.fetched_at
    where fetches.item_type = '{{ item_type }}' and plays.{{ key }} is not null
    group by 1, 2, 3, 4
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

ours as (

    select
        *,
        row_number() over (partition by user_id, item_type, time_range order by plays desc, ms_played desc, entity_key) as our_rank
    from counted

),

theirs as (

    select rankings.*, before.previous_rank
    from rankings
    left join before
        on before.user_id = rankings.user_id
        and before.item_type = rankings.item_type
        and before.time_range = rankings.time_range
        and before.item_id = rankings.item_id
    where rankings.age = 1

),

side_by_side as (

    select
        coalesce(theirs.user_id, ours.user_id) as user_id,
        coalesce(theirs.item_type, ours.item_type) as item_type,
        coalesce(theirs.time_range, ours.time_range) as time_range,
        coalesce(theirs.name, ours.name) as name,
        coalesce(theirs.artist_name, ours.artist_name) as artist_name,
        coalesce(theirs.entity_key, ours.entity_key) as entity_key,
        theirs.item_id,
        theirs.spotify_uri,
        theirs.rank,
        theirs.previous_rank,
        theirs.previous_rank - theirs.rank as moved,
        ours.our_rank,
        ours.plays as our_plays,
        ours.ms_played as our_ms
    from theirs
    full outer join ours
        on ours.user_id = theirs.user_id
        and ours.item_type = theirs.item_type
        and ours.time_range = theirs.time_range
        and ours.entity_key = theirs.entity_key
    where theirs.rank is not null or ours.our_rank <= {{ places }}

),

dated as (

    select
        md5(side.user_id || '|' || side.item_type || '|' || side.time_range || '|' || coalesce(side.item_id, side.entity_key)) as top_item_key,
        side.user_id,
        side.item_type,
        side.time_range,
        fetches.fetched_at,
        side.name,
        side.artist_name,
        side.spotify_uri,
        side.rank,
        side.previous_rank,
        side.moved,
        case when side.rank is not null and fetches.has_before then side.previous_rank is null end as is_new,
        side.our_rank,
        side.our_plays,
        side.our_ms
    from side_by_side as side
    inner join fetches
        on fetches.user_id = side.user_id
        and fetches.item_type = side.item_type
        and fetches.time_range = side.time_range

)

select * from dated
