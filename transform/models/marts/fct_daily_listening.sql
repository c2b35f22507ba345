with

-- A listener's days run from their first play to the last day that Spotify has told of.
histories as (

    select
        user_id,
        min(local_started_at) as first_at,
        max(local_started_at) as last_at,
        max(reported_at) as last_reported_at
    from {{ ref('fct_plays') }}
    group by 1

),

listeners as (

    select
        histories.user_id,
        cast(histories.first_at as date) as first_day,
        greatest(
            cast({{ home_time('histories.last_reported_at', 'zones.zone') }} as date),
            cast(histories.last_at as date)
        ) as last_day
    from histories
    {{ join_zone('zones', 'histories.user_id', 'histories.last_reported_at') }}

),

days as (

    select listeners.user_id, dates.date
    from listeners
    inner join {{ ref('dim_date') }} as dates on dates.date between listeners.first_day and listeners.last_day

),

discoveries as (

    select
        user_id,
        first_heard_on as date,
        count(case when entity_type = 'recording' then 1 end) as new_tracks,
        count(case when entity_type = 'artist' then 1 end) as new_artists
    from {{ ref('int_discovery_events') }}
    where first_heard_on is not null
    group by 1, 2

),

archives as (

    select
        user_id,
        archive,
        layout = 'account' as is_account,
        min(case when is_complete then 1 else 0 end) = 1 as is_complete,
        min(first_at) as first_at,
        max(last_at) as last_at
    from {{ source('lake', 'archives') }}
    group by 1, 2, 3

),

spans as (

    select
        archives.user_id,
        archives.archive,
        archives.is_account,
        archives.is_complete,
        cast({{ home_time('archives.first_at', 'first_zones.zone') }} as date) as first_day,
        cast({{ home_time('archives.last_at', 'last_zones.zone') }} as date) as last_day
    from archives
    {{ join_zone('first_zones', 'archives.user_id', 'archives.first_at') }}
    {{ join_zone('last_zones', 'archives.user_id', 'archives.last_at') }}

),

covered as (

    select
        days.user_id,
        days.date,
        max(case when not spans.is_account and spans.is_complete then 1 else 0 end) = 1 as by_archive,
        max(case when spans.is_account then 1 else 0 end) = 1 as by_account,
        count(spans.archive) > 0 as by_some,
        count(case when not polled.has_gap then 1 end) > 0 as by_api
    from days
    left join spans
        on spans.user_id = days.user_id
        and days.date between spans.first_day and spans.last_day
    left join {{ ref('int_polled_days') }} as polled
        on polled.user_id = days.user_id
        and polled.date = days.date
    group by 1, 2

),

daily as (

    select
        covered.user_id,
        covered.date,
        coalesce(heard.plays, 0) as plays,
        coalesce(heard.counted_plays, 0) as counted_plays,
        coalesce(heard.ms_played, 0) as ms_played,
        coalesce(heard.counted_ms, 0) as counted_ms,
        coalesce(heard.tracks, 0) as tracks,
        coalesce(heard.artists, 0) as artists,
        coalesce(discoveries.new_tracks, 0) as new_tracks,
        coalesce(discoveries.new_artists, 0) as new_artists,
        coalesce(heard.skips, 0) as skips,
        coalesce(heard.podcast_ms, 0) as podcast_ms,
        coalesce(heard.audiobook_ms, 0) as audiobook_ms,
        case
            when covered.by_archive and covered.by_api then 'both'
            when covered.by_archive then 'archive'
            when covered.by_account then 'account'
            when covered.by_api then 'api'
            when covered.by_some then 'partial'
            else 'gap'
        end as coverage
    from covered
    left join {{ ref('int_daily_plays') }} as heard on heard.user_id = covered.user_id and heard.date = covered.date
    left join discoveries on discoveries.user_id = covered.user_id and discoveries.date = covered.date

)

select * from daily
