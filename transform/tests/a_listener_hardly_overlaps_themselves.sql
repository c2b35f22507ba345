-- A person hears one thing at a time: more than 1 % of overlapping hours means that late plays are not where they were played.
-- Only a warning: two people may share an account.
{{ config(severity='warn') }}
with

placed as (

    select
        user_id,
        started_at,
        ms_played,
        max(ended_at) over (
            partition by user_id order by started_at, ended_at, play_id rows between unbounded preceding and 1 preceding
        ) as busy_until
    from {{ ref('fct_plays') }}
    where sources <> 'account'

),

summed as (

    select
        user_id,
        sum(greatest(0, least(ms_played, coalesce({{ dbt.datediff('started_at', 'busy_until', 'millisecond') }}, 0)))) as overlapping_ms,
        sum(ms_played) as ms_played
    from placed
    group by 1

)

select * from summed where overlapping_ms > 0.01 * ms_played
