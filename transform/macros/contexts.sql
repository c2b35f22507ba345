{#- Whether a context is a playlist: under today's address, or under the older one that names its owner. -#}
{% macro is_playlist(uri) -%}
    ({{ uri }} like 'spotify:playlist:%' or {{ uri }} like 'spotify:user:%:playlist:%')
{%- endmacro %}

{#- What tells Spotify's own playlists: how their ids begin (seed `spotify_playlists`). -#}
{% macro playlist_prefix(uri) -%}
    case when {{ is_playlist(uri) }} then substr(split_part({{ uri }}, ':', -1), 1, 10) end
{%- endmacro %}

{#- From where a play was started, as Spotify says: `own` is the row of `spotify_playlists` with its prefix, if there is one.
    Null where Spotify says nothing: that may be a search, a queue or a radio, so it is none of them. -#}
{% macro context_channel(uri, own) -%}
    case
        when {{ is_playlist(uri) }} then coalesce({{ own }}.channel, 'playlist')
        when {{ uri }} like 'spotify:album:%' then 'album'
        when {{ uri }} like 'spotify:artist:%' then 'artist_page'
        when {{ uri }} like 'spotify:%:collection%' or {{ uri }} = 'spotify:collection' then 'library'
    end
{%- endmacro %}

{#- Whether the listener picked the play in a list on the screen, or it came by itself or by a button for the next one; null where
    the reason tells neither. -#}
{% macro is_picked(reason_start) -%}
    case
        when {{ reason_start }} in ('clickrow', 'click-row', 'clickside') then true
        when {{ reason_start }} in ('trackdone', 'fwdbtn', 'nextbtn', 'backbtn', 'trackerror') then false
    end
{%- endmacro %}

{#- Whether a play began without anybody's hand, after the one before it. -#}
{% macro came_by_itself(reason_start) -%}
    coalesce({{ reason_start }} in ('trackdone', 'trackerror'), false)
{%- endmacro %}
