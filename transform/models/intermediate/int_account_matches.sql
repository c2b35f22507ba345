{{ config(materialized='increment', unique_key=['account_play_id'], scope=[{'month_of': 'reported_at', 'around': 1}]) }}
-- A pass moves what it changes by a day at most, and there are nine of them: a month around what was touched is enough, and
-- what it depends on lies within another.
with

account as (

    select
        play_id, user_id, reported_at, ms_played, content_type, track_name, artist_name,
        {{ name_key('artist_name', 'track_name') }} as name_key,
        {{ dbt.date_trunc('minute', 'reported_at') }} as minute,
        cast(reported_at as date) as reported_on
    from {{ ref('stg_spotify__listening_history') }}
    where source = 'account' and {{ in_touched_month('reported_at', around=2) }}

),

lengths as (

    select distinct user_id, ms_played from account

),

-- Only plays of a length that account data speaks of can be meant: few, however long the history.
archive as (

    select
        plays.play_id, plays.user_id, plays.reported_at, plays.ms_played, plays.content_type, plays.track_name,
        {{ name_key('plays.artist_name', 'plays.track_name') }} as name_key,
        {{ dbt.date_trunc('minute', 'plays.reported_at') }} as minute,
        cast({{ dbt.dateadd('minute', -1, dbt.date_trunc('minute', 'plays.reported_at')) }} as timestamp) as minute_before,
        cast({{ dbt.dateadd('minute', 1, dbt.date_trunc('minute', 'plays.reported_at')) }} as timestamp) as minute_after,
        cast(plays.reported_at as date) as reported_on,
        cast({{ dbt.dateadd('day', -1, 'cast(plays.reported_at as date)') }} as date) as day_before,
        cast({{ dbt.dateadd('day', 1, 'cast(plays.reported_at as date)') }} as date) as day_after
    from {{ ref('stg_spotify__listening_history') }} as plays
    inner join lengths on lengths.user_id = plays.user_id and lengths.ms_played = plays.ms_played
    where plays.source = 'archive' and {{ in_touched_month('plays.reported_at', around=2, user_id='plays.user_id') }}

),

{% set a_day = "account_side.reported_at between " ~ dbt.dateadd('day', -1, 'archive_side.reported_at')
    ~ " and " ~ dbt.dateadd('day', 1, 'archive_side.reported_at') -%}
{% set named = "track_name is not null" -%}
{% set unnamed = "content_type = 'unknown'" -%}
{% set passes = [] -%}
{% for key in ['minute', 'minute_before', 'minute_after'] -%}
    {% do passes.append(('minute', ['user_id', 'ms_played', 'name_key', key], ['user_id', 'ms_played', 'name_key', 'minute'], named, none)) -%}
{% endfor -%}
{% for key in ['minute', 'minute_before', 'minute_after'] -%}
    {% do passes.append(('minute_unnamed', ['user_id', 'ms_played', key], ['user_id', 'ms_played', 'minute'], unnamed, none)) -%}
{% endfor -%}
{% for key in ['reported_on', 'day_before', 'day_after'] -%}
    {% do passes.append(('day', ['user_id', 'ms_played', 'name_key', key], ['user_id', 'ms_played', 'name_key', 'reported_on'], named, a_day)) -%}
{% endfor -%}
{% for matched_by, archive_key, account_key, archive_is, within in passes -%}
    {% set before = 'pass_' ~ (loop.index - 1) -%}
    {{ matching_pass(
        'pass_' ~ loop.index, matched_by,
        'archive' if loop.first else before ~ '_archive', 'account' if loop.first else before ~ '_account',
        archive_key, account_key, archive_is, within, loop.last
    ) }},

{% endfor -%}
pairs as (
    {% for _ in passes %}
    select * from pass_{{ loop.index }}{{ ' union all' if not loop.last }}
    {%- endfor %}

),

outcomes as (

    select
        account.play_id as account_play_id,
        pairs.archive_play_id,
        pairs.matched_by,
        account.user_id,
        account.reported_at,
        account.ms_played,
        account.content_type,
        account.track_name,
        account.artist_name
    from account
    left join pairs on pairs.account_play_id = account.play_id
    where {{ in_touched_month('account.reported_at', around=1, user_id='account.user_id') }}

)

select * from outcomes
