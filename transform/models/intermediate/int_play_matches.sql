{{ config(materialized='increment', sort='played_at', unique_key=['api_play_id'], scope=[{'month_of': 'played_at', 'around': 3}]) }}
-- What a change may reach. A touched month moves archive plays reported up to a month around it (see int_plays_placed), and
-- where these were, up to two months before it. From there a round of pairing reaches at most twice its distance: from a play
-- to what it may pair with, and on to what that may pair with instead. Four rounds of 72 hours are 24 days, less than any
-- month; the order within a month of polls goes no further. So pairs change up to three months around what was touched; they
-- depend on polls four months around it, and on archive plays that were there, so were reported up to five.
{% set near_ms = 30 * 1000 -%}
{% set far_ms = 72 * 3600 * 1000 -%}
{% set far_rounds = 4 -%}
with

api_plays as (

    select
        play_id as api_play_id,
        user_id,
        reported_at as played_at,
        track_key,
        md5({{ name_key('artist_name', 'track_name') }}) as names_key,
        duration_ms,
        context_type,
        context_uri
    from {{ ref('stg_spotify__listening_history') }}
    where source = 'api' and {{ in_touched_month('reported_at', around=4) }}

),

-- A row without a URI is known by its names: archives of 2020 have such, and everybody's own files.
api_keys as (

    select api_play_id, user_id, played_at, track_key as match_key from api_plays
    union
    select api_play_id, user_id, played_at, names_key from api_plays

),

-- Nothing else of the history is read than what was reported in the time of the polls, or up to two months later.
polled as (

    select
        {{ or_never(dbt.dateadd('day', -4, 'min(played_at)')) }} as from_at,
        {{ dbt.dateadd('month', 2, dbt.dateadd('day', 4, 'max(played_at)')) }} as until_at
    from api_plays

),

-- Spotify lists no private session.
told as (

    select play_id, user_id, track_key, reported_at, ms_played
    from {{ ref('stg_spotify__listening_history') }}
    where source = 'archive'
        and not is_incognito
        and {{ in_touched_month('reported_at', around=5) }}
        and reported_at between (select from_at from polled) and (select until_at from polled)
        and (user_id, track_key) in (select user_id, match_key from api_keys)

),

placed as (

    select play_id, reported_at, ended_at
    from {{ ref('int_plays_placed') }}
    where source = 'archive'
        and {{ in_touched_month('reported_at', around=5) }}
        and reported_at between (select from_at from polled) and (select until_at from polled)
        and play_id in (select play_id from told)

),

archive_plays as (

    select
        told.play_id as archive_play_id,
        told.user_id,
        told.track_key,
        told.reported_at,
        coalesce(placed.ended_at, told.reported_at) as ended_at,
        told.ms_played
    from told
    left join placed on placed.play_id = told.play_id and placed.reported_at = told.reported_at

),

-- The instant Spotify was told of the end, and that when it was: either may be what the list says.
archive_ends as (

    select *, reported_at as told_at from archive_plays
    union all
    select *, ended_at as told_at from archive_plays where ended_at <> reported_at

),

-- 1. The same track, and it ended within half a minute. Minutes and those next to them find each other faster than instants.
api_minutes as (

    {% for minutes in [-1, 0, 1] -%}
    select *, {{ dbt.dateadd('minute', minutes, dbt.date_trunc('minute', 'played_at')) }} as minute from api_keys
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

near as (

    select
        api.api_play_id,
        api.played_at,
        ends.archive_play_id,
        ends.user_id,
        ends.track_key,
        ends.reported_at,
        ends.ended_at,
        ends.told_at,
        {{ ms_apart('api.played_at', 'ends.told_at') }} as apart_ms,
        case when ends.ms_played >= 30000 then 0 else 1 end as is_short
    from api_minutes as api
    inner join archive_ends as ends
        on ends.user_id = api.user_id
        and ends.track_key = api.match_key
        and {{ dbt.date_trunc('minute', 'ends.told_at') }} = api.minute
    where {{ ms_apart('api.played_at', 'ends.told_at') }} <= {{ near_ms }}

),

near_once as (

    select * from near
    qualify row_number() over (partition by api_play_id, archive_play_id order by apart_ms, told_at) = 1

),

{{ nearest_pairs('ends_near', 'near_once', 3, 'api_play_id', 'archive_play_id', ['is_short', 'ended_at', 'played_at']) }},

-- 2. What is left was told days late, or by a clock that was wrong. What was played after an archive's last row is not in it.
archive_spans as (

    select user_id, archive, {{ dbt.dateadd('hour', -72, 'min(first_at)') }} as from_at, {{ plus_ms('max(last_at)', near_ms) }} as until_at
    from {{ source('lake', 'archives') }}
    where layout <> 'account'
    group by 1, 2

),

api_left as (

    select distinct api_keys.*
    from api_keys
    inner join archive_spans
        on archive_spans.user_id = api_keys.user_id
        and api_keys.played_at between archive_spans.from_at and archive_spans.until_at
    where api_keys.api_play_id not in (select api_play_id from ends_near)

),

far as (

    select
        api.api_play_id,
        api.played_at,
        ends.archive_play_id,
        ends.user_id,
        ends.track_key,
        ends.reported_at,
        ends.ended_at,
        ends.told_at,
        {{ ms_apart('api.played_at', 'ends.told_at') }} as apart_ms,
        0 as is_short
    from api_left as api
    inner join archive_ends as ends
        on ends.user_id = api.user_id
        and ends.track_key = api.match_key
    where ends.ms_played >= 30000
        and ends.archive_play_id not in (select archive_play_id from ends_near)
        and {{ ms_apart('api.played_at', 'ends.told_at') }} <= {{ far_ms }}

),

far_once as (

    select * from far
    qualify row_number() over (partition by api_play_id, archive_play_id order by apart_ms, told_at) = 1

),

{{ nearest_pairs('ends_far', 'far_once', far_rounds, 'api_play_id', 'archive_play_id', ['ended_at', 'played_at']) }},

-- Nearest first pairs the last of one offline hour with the first of another clock's, and plays synced in one second anyhow: in
-- order, the first is with the first. On a line that takes no pair further apart than the widest was.
{% set of_one_track = "partition by user_id, track_key, matched_by, cast(" ~ dbt.date_trunc('month', 'played_at') ~ " as date)" -%}
numbered as (

    select
        *,
        row_number() over ({{ of_one_track }} order by played_at, api_play_id) as nth_poll,
        row_number() over ({{ of_one_track }} order by told_at, ended_at, archive_play_id) as nth_end
    from (
        select *, 'end' as matched_by from ends_near
        union all
        select *, 'three_days' as matched_by from ends_far
    ) as both_passes

),

archive_pairs as (

    select
        api.api_play_id,
        ends.archive_play_id,
        ends.reported_at,
        {{ ms_apart('api.played_at', 'ends.told_at') }} as apart_ms,
        api.matched_by
    from numbered as api
    inner join numbered as ends
        on ends.user_id = api.user_id
        and ends.track_key = api.track_key
        and ends.matched_by = api.matched_by
        and {{ dbt.date_trunc('month', 'ends.played_at') }} = {{ dbt.date_trunc('month', 'api.played_at') }}
        and ends.nth_end = api.nth_poll

),

-- 3. Account data knows the minute: of its plays those that no archive tells, and of ours the same.
account_plays as (

    select
        account_play_id, user_id, reported_at, ms_played,
        md5({{ name_key('artist_name', 'track_name') }}) as names_key
    from {{ ref('int_account_matches') }}
    where archive_play_id is null and track_name is not null
        and {{ in_touched_month('reported_at', around=4) }}

),

minutes as (

    select
        api.api_play_id,
        api.played_at,
        account_plays.account_play_id,
        account_plays.reported_at,
        account_plays.ms_played,
        {{ ms_apart('api.played_at', plus_ms('account_plays.reported_at', 30000)) }} as apart_ms,
        case when account_plays.ms_played >= 30000 then 0 else 1 end as is_short
    from (
        {% for minutes in [-1, 0, 1] -%}
        select *, {{ dbt.dateadd('minute', minutes, dbt.date_trunc('minute', 'played_at')) }} as minute from api_plays
        {{ 'union all' if not loop.last }}
        {% endfor %}
    ) as api
    inner join account_plays
        on account_plays.user_id = api.user_id
        and account_plays.names_key = api.names_key
        and {{ dbt.date_trunc('minute', 'account_plays.reported_at') }} = api.minute
    where api.api_play_id not in (select api_play_id from archive_pairs)

),

{{ nearest_pairs('same_minute', 'minutes', 3, 'api_play_id', 'account_play_id', ['is_short', 'reported_at', 'played_at']) }},

outcomes as (

    select
        api_plays.api_play_id,
        api_plays.user_id,
        api_plays.played_at,
        archive_pairs.archive_play_id,
        archive_pairs.reported_at as archive_reported_at,
        same_minute.account_play_id,
        same_minute.reported_at as account_reported_at,
        same_minute.ms_played as account_ms_played,
        coalesce(archive_pairs.matched_by, case when same_minute.account_play_id is not null then 'minute' end) as matched_by,
        cast(coalesce(archive_pairs.apart_ms, same_minute.apart_ms) / 1000.0 as double) as seconds_apart,
        api_plays.duration_ms,
        api_plays.context_type,
        api_plays.context_uri
    from api_plays
    left join archive_pairs on archive_pairs.api_play_id = api_plays.api_play_id
    left join same_minute on same_minute.api_play_id = api_plays.api_play_id
    where {{ in_touched_month('api_plays.played_at', around=3, user_id='api_plays.user_id') }}

)

select * from outcomes
