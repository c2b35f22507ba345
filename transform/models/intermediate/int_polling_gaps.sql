{{ config(materialized='view') }}
with

-- Pages that showed plays, in the order they were fetched.
pages as (

    select
        user_id,
        page,
        first_at,
        fetched_at,
        max(last_at) over (
            partition by user_id order by fetched_at, page rows between unbounded preceding and 1 preceding
        ) as known_until
    from {{ source('lake', 'pages') }}
    where dataset = 'recently_played' and first_at is not null

),

-- A list holds fifty plays. One that does not reach back to the newest play that was known shows none that was: what was played
-- between the two may have been pushed off it. Before the first page nothing was known, so nothing is missed.
gaps as (

    select
        md5(user_id || '|' || page || '|' || cast(fetched_at as varchar)) as gap_id,
        user_id,
        known_until as from_at,
        first_at as until_at,
        fetched_at as noticed_at
    from pages
    where known_until < first_at

),

complete_archives as (

    select user_id, archive, min(first_at) as first_at, max(last_at) as last_at
    from {{ source('lake', 'archives') }}
    where layout <> 'account'
    group by 1, 2
    having min(case when is_complete then 1 else 0 end) = 1

),

filled as (

    select
        gaps.gap_id,
        gaps.user_id,
        gaps.from_at,
        gaps.until_at,
        gaps.noticed_at,
        max(case when complete_archives.archive is null then 0 else 1 end) = 1 as is_filled
    from gaps
    left join complete_archives
        on complete_archives.user_id = gaps.user_id
        and complete_archives.first_at <= gaps.from_at
        and complete_archives.last_at >= gaps.until_at
    group by 1, 2, 3, 4, 5

)

select * from filled
