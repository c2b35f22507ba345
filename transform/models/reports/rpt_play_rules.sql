{{ config(materialized='view') }}
{%- set rules = play_rules('plays', 'track_ms').keys() | list -%}
with

-- Plays on which all rules say the same, for the same reason, are told together.
alike as (

    select
        user_id,
        play_rule,
        why,
        is_incognito or is_excluded as is_left_out,
        {%- for rule in rules %}
        is_counted_by_{{ rule }},
        {%- endfor %}
        count(*) as plays,
        sum(ms_played) as ms_played
    from {{ ref('int_play_rules') }}
    group by {{ range(1, 5 + rules | length) | join(', ') }}

),

compared as (

    select
        *,
        case play_rule
            {%- for rule in rules %}
            when '{{ rule }}' then is_counted_by_{{ rule }}
            {%- endfor %}
        end as is_counted_here
    from alike

),

judged as (

    {% for rule in rules -%}
    select user_id, '{{ rule }}' as rule, play_rule, why, is_left_out, is_counted_by_{{ rule }} as is_counted, is_counted_here, plays, ms_played
    from compared
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

sums as (

    select
        user_id,
        rule,
        rule = play_rule as is_chosen,
        cast(sum(case when is_counted then plays else 0 end) as bigint) as plays,
        sum(case when is_counted then ms_played else 0 end) / 3600000.0 as hours,
        cast(sum(case when is_counted then plays else 0 end) as double) / sum(plays) as share,
        cast(sum(case when is_counted and is_left_out then plays else 0 end) as bigint) as left_out_plays,
        cast(sum(case when is_counted and not is_counted_here then plays else 0 end) as bigint) as plays_more,
        cast(sum(case when is_counted_here and not is_counted then plays else 0 end) as bigint) as plays_fewer,
        sum(case when is_counted then ms_played else 0 end - case when is_counted_here then ms_played else 0 end) / 3600000.0
            as hours_difference
    from judged
    group by 1, 2, 3

),

reasons as (

    select
        user_id,
        rule,
        why || ' (' || cast(cast(sum(plays) as bigint) as varchar) || ' plays '
            || case when is_counted then 'more' else 'fewer' end || ')' as why
    from judged
    where is_counted <> is_counted_here
    group by user_id, rule, judged.why, is_counted
    qualify row_number() over (partition by user_id, rule order by sum(plays) desc, judged.why, is_counted) = 1

),

explained as (

    select
        sums.user_id,
        sums.rule,
        sums.is_chosen,
        sums.plays,
        cast(sums.hours as double) as hours,
        sums.share,
        sums.left_out_plays,
        sums.plays_more - sums.plays_fewer as plays_difference,
        sums.plays_more,
        sums.plays_fewer,
        cast(sums.hours_difference as double) as hours_difference,
        reasons.why
    from sums
    left join reasons on reasons.user_id = sums.user_id and reasons.rule = sums.rule

)

select * from explained
