with

plays as (

    select
        plays.user_id,
        plays.is_skipped,
        cast(extract(hour from plays.local_started_at) as integer) as hour,
        {{ dbt.datediff('discoveries.first_seen_at', 'plays.started_at', 'day') }} as days_known,
        plays.started_at = discoveries.first_seen_at as is_first
    from {{ ref('fct_plays') }} as plays
    left join {{ ref('int_discovery_events') }} as discoveries
        on discoveries.user_id = plays.user_id
        and discoveries.entity_type = 'recording'
        and discoveries.entity_key = plays.recording_key
    where {{ is_music() }} and plays.is_skipped is not null

),

buckets as (

    select
        user_id,
        'hour' as dimension,
        hour as bucket_order,
        lpad(cast(hour as varchar), 2, '0') as bucket,
        is_skipped
    from plays

    union all

    select
        user_id,
        'newness' as dimension,
        case when is_first then 0 when days_known < 7 then 1 when days_known < 30 then 2 when days_known < 365 then 3 else 4 end,
        case
            when is_first then 'first play'
            when days_known < 7 then 'first week'
            when days_known < 30 then 'first month'
            when days_known < 365 then 'first year'
            else 'older'
        end,
        is_skipped
    from plays

),

rates as (

    select
        user_id,
        dimension,
        bucket,
        bucket_order,
        count(*) as plays,
        cast(sum(case when is_skipped then 1 else 0 end) as bigint) as skips,
        cast(sum(case when is_skipped then 1 else 0 end) as double) / count(*) as skip_rate
    from buckets
    group by 1, 2, 3, 4

)

select * from rates
