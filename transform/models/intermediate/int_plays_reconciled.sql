{{ config(materialized='increment', sort='reported_at', unique_key=['play_id'], scope=[
    {'month_of': 'reported_at', 'around': 1},
    {'keys': ['track_key'], 'of': 'stg_spotify__tracks', 'field': 'recording_key'},
    {'keys': ['play_id'], 'of': 'int_play_matches', 'named': ['archive_play_id'], 'at': ['reported_at', 'archive_reported_at']},
    {'keys': ['play_id'], 'of': 'int_play_matches', 'named': ['account_play_id'], 'at': ['reported_at', 'account_reported_at']},
    {'keys': ['play_id'], 'of': 'int_api_plays_placed', 'at': ['reported_at', 'reported_at']},
]) }}
with

history as {{ read_again() }}(

    select * from {{ ref('stg_spotify__listening_history') }}
    where {{ in_touched_month('reported_at', around=1) }}
    {%- if is_increment() %}
    {%- for changed in [
        has_changed(['track_key'], 'stg_spotify__tracks', field='recording_key'),
        has_changed(['play_id'], 'int_play_matches', ['archive_play_id'], at=['reported_at', 'archive_reported_at']),
        has_changed(['play_id'], 'int_play_matches', ['account_play_id'], at=['reported_at', 'account_reported_at']),
        has_changed(['play_id'], 'int_api_plays_placed', at=['reported_at', 'reported_at']),
    ] %}
    union
    select * from {{ ref('stg_spotify__listening_history') }}
    where {{ changed }}
    {%- endfor %}
    {%- endif %}

),

-- What the Web API says of a play of another source: an archive's then stands for both, and the list's for account data.
polled as (

    select api_play_id, archive_play_id as play_id, 'archive' as source, matched_by, context_type, context_uri
    from {{ ref('int_play_matches') }}
    where archive_play_id is not null and archive_reported_at >= (select {{ or_never('min(reported_at)') }} from history)
    union all
    select api_play_id, account_play_id, 'account', matched_by, null, null
    from {{ ref('int_play_matches') }}
    where account_play_id is not null and account_reported_at >= (select {{ or_never('min(reported_at)') }} from history)

),

-- Most plays of an archive ended when they were reported; of these nothing else is known.
placed as (

    select play_id, source, reported_at, ended_at, is_covered
    from {{ ref('int_plays_placed') }}
    where source <> 'archive' or ended_at <> reported_at

),

{% set takes_names = "history.content_type = 'unknown' and matches.track_name is not null" -%}
told_plays as (

    select
        history.* exclude (content_type, track_name, artist_name, track_key, artist_key, context_type, context_uri),
        'reported' as ms_played_source,
        coalesce(placed.ended_at, history.reported_at) as ended_at,
        coalesce(placed.is_covered, false) as is_covered,
        case when {{ takes_names }} then matches.content_type else history.content_type end as content_type,
        coalesce(history.track_name, matches.track_name) as track_name,
        case when {{ takes_names }} then matches.artist_name else history.artist_name end as artist_name,
        case when {{ takes_names }} then md5({{ name_key('matches.artist_name', 'matches.track_name') }}) else history.track_key end as track_key,
        case
            when {{ takes_names }} then case when matches.content_type = 'track' then {{ artist_key('matches.artist_name') }} end
            else history.artist_key
        end as artist_key,
        case when matches.matched_by is not null then 'account+' else '' end
            || case when polled.matched_by is not null then 'api+' else '' end
            || history.source as sources,
        case
            when matches.matched_by is not null and polled.matched_by is not null then matches.matched_by || '+' || polled.matched_by
            else coalesce(matches.matched_by, polled.matched_by)
        end as matched_by,
        polled.context_type,
        polled.context_uri
    from history
    left join placed
        on placed.play_id = history.play_id
        and placed.source = history.source
        and placed.reported_at = history.reported_at
    left join {{ ref('int_account_matches') }} as matches
        on matches.archive_play_id = history.play_id
        and history.source = 'archive'
    left join polled
        on polled.play_id = history.play_id
        and polled.source = history.source
    where history.source = 'archive' or history.source = 'account' and placed.play_id is not null and polled.play_id is null

),

polled_plays as (

    select
        history.* exclude (ms_played),
        alone.ms_played,
        alone.ms_played_source,
        alone.ended_at,
        false as is_covered,
        alone.sources,
        alone.matched_by
    from history
    inner join {{ ref('int_api_plays_placed') }} as alone
        on alone.play_id = history.play_id
        and alone.reported_at = history.reported_at
    where history.source = 'api'

),

{% set columns = ['play_id', 'user_id', 'track_key', 'artist_key', 'reported_at', 'ended_at', 'ms_played', 'ms_played_source', 'content_type',
    'track_name', 'artist_name', 'album_name', 'spotify_uri', 'is_covered', 'skipped', 'is_incognito', 'shuffle', 'platform', 'country',
    'reason_start', 'reason_end', 'context_type', 'context_uri', 'sources', 'matched_by'] | join(', ') -%}
plays as (

    select {{ columns }} from told_plays
    union all
    select {{ columns }} from polled_plays

),

-- A country with one zone tells the time there; where the listener lives, and where it cannot be told, it is the home's.
home as (

    select country from {{ ref('time_zones') }} where zone = '{{ var("home_time_zone") }}'

),

abroad as (

    select country, min(zone) as zone
    from {{ ref('time_zones') }}
    where not is_alias
        and exists (select 1 from home)
        and country not in (select country from home)
    group by 1
    having count(*) = 1

),

located as (

    select
        plays.*,
        abroad.zone as country_zone,
        {{ plus_ms('plays.ended_at', '-plays.ms_played') }} as started_at
    from plays
    left join abroad on abroad.country = plays.country

),

judged as (

    select
        -- keys
        located.play_id,
        located.user_id,
        located.track_key,
        case when located.content_type = 'track' then tracks.recording_key end as recording_key,
        located.artist_key,

        -- when
        located.started_at,
        located.ended_at,
        located.reported_at,
        case
            when located.country_zone is null then {{ local_time('located.started_at', "'" ~ var('home_time_zone') ~ "'") }}
            else {{ local_time('located.started_at', 'located.country_zone') }}
        end as local_started_at,
        case when located.country_zone is null then 'home' else 'country' end as tz_source,
        located.ms_played,
        located.ms_played_source,

        -- what
        located.content_type,
        located.track_name,
        located.artist_name,
        located.album_name,
        located.spotify_uri,

        -- how
        located.content_type <> 'unknown'
            and not located.is_covered
            and (located.ms_played >= 30000 or coalesce(located.reason_end = 'trackdone', false) and located.ms_played > 0)
            as is_counted,
        {{ is_skipped('located.reported_at', 'located.skipped', 'located.reason_end') }} as is_skipped,
        located.is_incognito,
        located.is_covered,
        located.shuffle,
        located.platform,
        located.country,
        located.reason_start,
        located.reason_end,
        located.context_type,
        located.context_uri,

        -- whence
        located.sources,
        located.matched_by

    from located
    left join {{ ref('stg_spotify__tracks') }} as tracks on tracks.track_key = located.track_key

)

select * from judged
