{{ config(materialized='increment', unique_key=['discovery_id'], scope=[
    {'keys': ['discovery_id'], 'of': 'int_first_listens', 'field': 'first_heard_play_id'},
    {'overlaps': 'int_changed_spans', 'from': 'looked_from_at', 'until': 'first_heard_at'},
]) }}
-- What a play's neighbours tell lies within its session: so a build looks at the sessions that a change may touch, and at those
-- of discoveries that are now another play.
{% set changed_spans = none if is_unit_test() else ref('int_changed_spans') -%}
{% set sessions = none if is_unit_test() else ref('int_listening_sessions') -%}
with

heard as (

    select
        discovery_id,
        user_id,
        entity_type,
        entity_key,
        first_heard_at,
        first_heard_play_id
    from {{ ref('int_first_listens') }}
    where first_heard_play_id is not null

),

{% if is_increment() -%}
moved as (

    select discovery_id, user_id, first_heard_at
    from heard
    where {{ has_changed(['discovery_id'], 'int_first_listens', field='first_heard_play_id') }}

),

windows as (

    select sessions.user_id, sessions.started_at as from_at, sessions.ended_at as until_at
    from {{ sessions }} as sessions
    inner join {{ changed_spans }} as spans
        on spans.user_id = sessions.user_id
        and sessions.started_at <= spans.until_at
        and sessions.ended_at >= spans.from_at
    union
    select sessions.user_id, sessions.started_at, sessions.ended_at
    from {{ sessions }} as sessions
    inner join moved
        on moved.user_id = sessions.user_id
        and moved.first_heard_at between sessions.started_at and sessions.ended_at

),

{% endif -%}
plays as (

    select
        play_id, user_id, started_at, ended_at, track_key, recording_key, artist_key, album_name, context_uri,
        coalesce(shuffle, false) as is_shuffled,
        coalesce(reason_start, '') as reason_start,
        coalesce(reason_end, '') as reason_end
    from {{ ref('int_plays_reconciled') }} as plays
    where not is_covered and not is_excluded
        and {{ begins_in_windows() }}

),

{% set in_order = 'partition by user_id order by started_at, play_id' -%}
{% set gap = var('session_gap_minutes') * 60000 -%}
followed as (

    select
        *,
        coalesce(started_at <= {{ plus_ms('lag(ended_at) over (' ~ in_order ~ ')', gap) }}, false) as follows,
        coalesce(lag(artist_key) over ({{ in_order }}) = artist_key, false) as is_same_artist,
        coalesce(lag(album_name) over ({{ in_order }}) = album_name, false) as is_same_album,
        coalesce(lag(track_key) over ({{ in_order }}) = track_key, false) as is_same_track,
        lag(reason_end) over ({{ in_order }}) as ended_before,
        lag(started_at) over ({{ in_order }}) as before_at
    from plays

),

-- Of a shuffled list two tracks in a row may be of one album by chance, unless the listener picked the second.
continued as (

    select
        *,
        follows and is_same_artist and is_same_album and not is_same_track
            and (not is_shuffled or coalesce({{ is_picked('reason_start') }}, false)) as is_within_album
    from followed

),

remembered as (

    select
        *,
        lag(is_within_album) over ({{ in_order }}) and lag(is_within_album, 2) over ({{ in_order }}) as is_after_three_of_an_album,
        case when follows then before_at else started_at end as one_back_at,
        coalesce(follows and lag(follows) over ({{ in_order }}), false) as follows_two,
        coalesce(follows and lag(follows) over ({{ in_order }}) and lag(follows, 2) over ({{ in_order }}), false) as follows_three,
        lag(before_at) over ({{ in_order }}) as two_back_at,
        lag(before_at, 2) over ({{ in_order }}) as three_back_at
    from continued

),

told as (

    select
        heard.discovery_id,
        heard.user_id,
        heard.entity_type,
        heard.entity_key,
        heard.first_heard_at,
        heard.first_heard_play_id,
        plays.recording_key,
        plays.artist_key,
        plays.context_uri,
        {{ is_picked('plays.reason_start') }} as is_picked,
        case
            when plays.follows_three then plays.three_back_at
            when plays.follows_two then plays.two_back_at
            else plays.one_back_at
        end as looked_from_at,
        case
            when plays.is_within_album then 'album'
            when plays.follows and coalesce(plays.is_after_three_of_an_album, false)
                and not plays.is_same_artist and not plays.is_same_album and not plays.is_shuffled
                and plays.reason_start = 'trackdone' and plays.ended_before = 'trackdone'
                then 'autoplay'
        end as session_channel
    from heard
    inner join remembered as plays on plays.play_id = heard.first_heard_play_id

),

{% if is_increment() -%}
looked_at as (

    select discovery_id from moved
    union
    select told.discovery_id
    from told
    inner join {{ changed_spans }} as spans
        on spans.user_id = told.user_id
        and told.looked_from_at <= spans.until_at
        and told.first_heard_at >= spans.from_at

),

{% endif -%}
named as (

    select
        told.discovery_id,
        told.user_id,
        told.entity_type,
        told.entity_key,
        told.first_heard_at,
        told.first_heard_play_id,
        told.recording_key,
        told.artist_key,
        told.looked_from_at,
        told.is_picked,
        {{ context_channel('told.context_uri', 'own') }} as context_channel,
        told.session_channel
    from told
    left join {{ ref('spotify_playlists') }} as own on own.prefix = {{ playlist_prefix('told.context_uri') }}
    {%- if is_increment() %}
    where told.discovery_id in (select discovery_id from looked_at)
    {%- endif %}

)

select * from named
