{{ config(materialized='view') }}
{%- set rules = play_rules('plays', 'tracks.duration_ms') -%}
{%- set half = 'least(tracks.duration_ms / 2.0, 240000)' -%}
with

judged as (

    select
        plays.play_id,
        plays.user_id,
        coalesce(listeners.play_rule, 'longplay') as play_rule,
        plays.started_at,
        plays.local_started_at,
        plays.track_name,
        plays.artist_name,
        plays.ms_played,
        tracks.duration_ms as track_ms,
        plays.reason_end,
        plays.sources,
        plays.is_incognito,
        plays.is_excluded,
        {%- for rule, condition in rules.items() %}
        {{ condition }} as is_counted_by_{{ rule }},
        {%- endfor %}
        case
            when plays.is_incognito then 'A private session.'
            when plays.ms_played < 30000 and plays.sources like '%api%' then 'Shorter than 30 s, but on Spotify''s list.'
            when plays.ms_played < 30000 and plays.reason_end = 'trackdone' then 'Shorter than 30 s, but to its end.'
            when plays.ms_played < 30000 then 'Shorter than 30 s.'
            when plays.sources = 'account' then 'Only account data tells it: no address, no reason.'
            when coalesce(tracks.duration_ms, plays.ms_played) <= 30000 then 'A track of half a minute or less.'
            when plays.sources like '%archive' and coalesce(plays.spotify_uri not like 'spotify:track:%', true)
                then 'No address of Spotify''s.'
            when tracks.duration_ms is not null and plays.ms_played < {{ half }} then 'Not half of the track.'
            when {{ rules.finished }} then 'To its end.'
            else 'Not to its end.'
        end as why
    from {{ ref('int_plays_reconciled') }} as plays
    left join {{ ref('stg_spotify__tracks') }} as tracks on tracks.track_key = plays.track_key
    left join {{ ref('stg_choices__listeners') }} as listeners on listeners.user_id = plays.user_id
    where plays.content_type = 'track' and not plays.is_covered

)

select * from judged
