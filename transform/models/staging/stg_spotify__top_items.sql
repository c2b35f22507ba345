{{ config(materialized='view') }}
with

-- Two fetches of one instant say the same: the later page wins.
once as (

    select * from {{ source('lake', 'top_items') }}
    qualify row_number() over (
        partition by user_id, item_type, time_range, fetched_at, rank order by page desc, item_id
    ) = 1

),

renamed as (

    select
        -- keys
        md5(user_id || '|' || item_type || '|' || time_range || '|' || cast(fetched_at as varchar) || '|' || cast(rank as varchar))
            as top_item_key,
        user_id,

        -- what
        item_type,
        time_range,
        rank,
        item_id,
        item_uri as spotify_uri,
        name,
        artist_name,

        -- when
        fetched_at

    from once

)

select * from renamed
