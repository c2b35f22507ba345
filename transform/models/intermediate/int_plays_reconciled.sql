{%- set scope = [
    {'keys': ['play_id'], 'of': 'stg_spotify__listening_history'},
    {'keys': ['play_id'], 'of': 'int_plays_placed'},
    {'keys': ['play_id'], 'of': 'int_account_matches', 'named': ['archive_play_id']},
    {'keys': ['track_key'], 'of': 'stg_spotify__tracks', 'field': 'what_counts'},
    {'keys': ['play_id'], 'of': 'int_play_matches', 'named': ['archive_play_id']},
    {'keys': ['play_id'], 'of': 'int_play_matches', 'named': ['account_play_id']},
    {'keys': ['play_id'], 'of': 'int_api_plays_placed'},
] -%}
{{ config(materialized='increment', sort='reported_at', unique_key=['play_id'], scope=scope) }}
with

history as {{ read_again() }}(

    select * from {{ ref('stg_spotify__listening_history') }}
    {% if is_increment() -%}
    where play_id in ({{ keys_in_scope(ref('stg_spotify__listening_history'), ['play_id'], scope) }})
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

placed as (

    select play_id, source, reported_at, ended_at, is_covered
    from {{ ref('int_plays_placed') }}

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

started as (

    select *, {{ plus_ms('ended_at', '-ms_played') }} as started_at from plays

),

-- Where the listener lived then: where they say, else at home.
at_home as (

    select
        started.*,
        zones.zone as home_zone,
        case
            when zones.zone is null then (select max(country) from {{ ref('time_zones') }} where zone = '{{ var("home_time_zone") }}')
            else zones.country
        end as home_country
    from started
    {{ join_zone('zones', 'started.user_id', 'started.started_at') }}

),

-- A country with one zone tells the time there; where the listener lives, and where it cannot be told, it is the home's.
-- Büsingen is a German village with the clock of Zurich, which is that of Berlin.
countries as (

    select country, min(zone) as zone
    from {{ ref('time_zones') }}
    where not is_alias and zone <> 'Europe/Busingen'
    group by 1
    having count(*) = 1

),

located as (

    select
        at_home.* exclude (home_zone, home_country),
        {{ home_time('at_home.started_at', 'coalesce(countries.zone, at_home.home_zone)') }} as local_started_at,
        case when countries.zone is not null then 'country' when at_home.home_zone is not null then 'dated' else 'home' end as tz_source
    from at_home
    left join countries on countries.country = at_home.country and countries.country <> at_home.home_country

),

{% set exclusions = {
    'artist': 'excluded_artist.match_key = located.artist_key',
    'recording': 'excluded_recording.match_key = tracks.recording_key',
    'title': "excluded_title.match_key = case when located.content_type = 'track' then tracks.recording_title end",
    'show': "excluded_show.match_key = case when located.content_type in ('episode', 'audiobook') then " ~ artist_key('located.artist_name') ~ " end",
    'hours': 'excluded_hours.hour = extract(hour from located.local_started_at)
            and cast(located.local_started_at as date) between excluded_hours.since_on and excluded_hours.until_on',
} -%}
chosen as (

    select
        located.*,
        case when located.content_type = 'track' then tracks.recording_key end as recording_key,
        coalesce({% for kind in exclusions %}excluded_{{ kind }}.user_id{{ ', ' if not loop.last }}{% endfor %}) is not null as is_excluded,
        {{ counts('listeners.play_rule', 'located', 'tracks.duration_ms') }} as is_long_enough
    from located
    left join {{ ref('stg_spotify__tracks') }} as tracks on tracks.track_key = located.track_key
    left join {{ ref('stg_choices__listeners') }} as listeners on listeners.user_id = located.user_id
    {%- for kind, condition in exclusions.items() %}
    left join {{ ref('stg_choices__exclusions') }} as excluded_{{ kind }}
        on excluded_{{ kind }}.user_id = located.user_id
        and excluded_{{ kind }}.kind = '{{ kind }}'
        and {{ condition }}
    {%- endfor %}

),

judged as (

    select
        -- keys
        play_id,
        user_id,
        track_key,
        recording_key,
        artist_key,

        -- when
        started_at,
        ended_at,
        reported_at,
        local_started_at,
        tz_source,
        ms_played,
        ms_played_source,

        -- what
        content_type,
        track_name,
        artist_name,
        album_name,
        spotify_uri,

        -- how
        content_type <> 'unknown' and not is_covered and not is_excluded and is_long_enough as is_counted,
        {{ is_skipped('reported_at', 'skipped', 'reason_end') }} as is_skipped,
        skipped,
        is_incognito,
        is_covered,
        is_excluded,
        shuffle,
        platform,
        country,
        reason_start,
        reason_end,
        context_type,
        context_uri,

        -- whence
        sources,
        matched_by

    from chosen

)

select * from judged
