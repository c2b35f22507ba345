{%- set track = "coalesce(track_key, 'none')" -%}
{{ config(materialized='increment', unique_key=['user_id', 'weekday', 'hour', 'track_key'], scope=[
    {'keys': ['user_id', 'track_key'], 'of': 'int_plays_reconciled', 'named': ['user_id', track]},
]) }}
with

plays as (

    select
        user_id,
        {{ iso_weekday('local_started_at') }} as weekday,
        cast(extract(hour from local_started_at) as integer) as hour,
        {{ track }} as track_key,
        ms_played
    from {{ ref('int_plays_reconciled') }}
    where {{ is_music() }}
        and is_counted
        and {{ has_changed(['user_id', track], 'int_plays_reconciled') }}

),

hours as (

    select
        user_id,
        weekday,
        hour,
        track_key,
        count(*) as counted_plays,
        cast(sum(ms_played) as bigint) as counted_ms
    from plays
    group by 1, 2, 3, 4

)

select * from hours
