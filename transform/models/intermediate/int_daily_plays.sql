{{ config(materialized='increment', unique_key=['user_id', 'date'], scope=[
    {'keys': ['user_id', 'date'], 'of': 'int_plays_reconciled', 'named': ['user_id', 'cast(local_started_at as date)']},
]) }}
with

-- What the listener leaves out is in no sum of listening; how much the polls saw is told with it.
plays as (

    select
        user_id,
        cast(local_started_at as date) as date,
        content_type,
        content_type = 'track' and not is_excluded as is_track,
        content_type = 'track' and is_counted as is_heard,
        is_excluded,
        recording_key,
        artist_key,
        artist_key <> {{ artist_key("'Various Artists'") }} as is_artist,
        ms_played,
        is_skipped,
        sources like '%api%' as is_polled,
        content_type = 'track' and ms_played >= 30000 and sources like '%archive' as is_listable
    from {{ ref('int_plays_reconciled') }}
    where content_type <> 'unknown' and not is_incognito and not is_covered
        and {{ on_changed_day() }}

),

days as (

    select
        user_id,
        date,
        count(case when is_track then 1 end) as plays,
        count(case when is_heard then 1 end) as counted_plays,
        cast(sum(case when is_track then ms_played else 0 end) as bigint) as ms_played,
        cast(sum(case when is_heard then ms_played else 0 end) as bigint) as counted_ms,
        count(distinct case when is_heard then recording_key end) as tracks,
        count(distinct case when is_heard and is_artist then artist_key end) as artists,
        count(case when is_track and is_skipped then 1 end) as skips,
        cast(sum(case when content_type = 'episode' and not is_excluded then ms_played else 0 end) as bigint) as podcast_ms,
        cast(sum(case when content_type = 'audiobook' and not is_excluded then ms_played else 0 end) as bigint) as audiobook_ms,
        count(case when is_polled then 1 end) as polled_plays,
        count(case when is_listable then 1 end) as listable_plays,
        count(case when is_listable and is_polled then 1 end) as listed_plays
    from plays
    group by 1, 2

)

select * from days
