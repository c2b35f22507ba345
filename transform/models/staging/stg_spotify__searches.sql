with

-- Archives overlap: a result that was touched once is in several of them.
touched as (

    select distinct
        user_id,
        searched_at,
        uri as spotify_uri
    from {{ source('lake', 'searches') }}
    where searched_at is not null and uri is not null

),

keyed as (

    select
        md5(user_id || '|' || cast(searched_at as varchar) || '|' || spotify_uri) as search_key,
        user_id,
        searched_at,
        spotify_uri,
        split_part(spotify_uri, ':', 2) as item_type,
        split_part(spotify_uri, ':', 3) as item_id
    from touched

)

select * from keyed
